package dev.gangway.samples.spelling;

import java.util.List;
import java.util.Locale;

/** The radiotelephony alphabet (ICAO Annex 10), as a skipper spells a boat's name. */
final class Spelling {

  private static final List<String> WORDS =
      List.of(
          "Alfa",
          "Bravo",
          "Charlie",
          "Delta",
          "Echo",
          "Foxtrot",
          "Golf",
          "Hotel",
          "India",
          "Juliett",
          "Kilo",
          "Lima",
          "Mike",
          "November",
          "Oscar",
          "Papa",
          "Quebec",
          "Romeo",
          "Sierra",
          "Tango",
          "Uniform",
          "Victor",
          "Whiskey",
          "X-ray",
          "Yankee",
          "Zulu");

  private Spelling() {}

  /** The word for each letter from A to Z; other characters are left out. */
  static List<String> spell(String text) {
    return text.toUpperCase(Locale.ROOT)
        .chars()
        .filter(letter -> letter >= 'A' && letter <= 'Z')
        .mapToObj(letter -> WORDS.get(letter - 'A'))
        .toList();
  }
}
