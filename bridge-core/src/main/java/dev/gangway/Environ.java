package dev.gangway;

import java.nio.charset.StandardCharsets;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The request as PEP 3333's environ: a map whose keys are named in the contract, with typed
 * accessors. Strings are "bytes as unicode": each character stands for one byte, read as latin-1.
 * Values are taken from the request when they are asked for; the map is the application's own to
 * change. Not safe for many threads.
 */
public final class Environ extends AbstractMap<String, Object> {

  private final EnvironSource source;
  private Map<String, Object> own = new HashMap<>();

  /** Whether {@link #own} holds everything, so that the source is not asked any more. */
  private boolean complete;

  /**
   * An environ over a source.
   *
   * @param source asked for values, each key at most once
   */
  public Environ(EnvironSource source) {
    this.source = source;
  }

  /**
   * An environ with the given content, for tests of applications and for rehearsals.
   *
   * @param content copied
   * @return the environ
   */
  public static Environ of(Map<String, ?> content) {
    Map<String, Object> copy = new LinkedHashMap<>(content);
    return new Environ(
        new EnvironSource() {
          @Override
          public @Nullable Object get(String key) {
            return copy.get(key);
          }

          @Override
          public void forEach(BiConsumer<String, Object> action) {
            copy.forEach(action);
          }
        });
  }

  @Override
  public @Nullable Object get(Object key) {
    Object value = own.get(key);
    if (value == null && !complete && key instanceof String name) {
      value = source.get(name);
      if (value != null) {
        own.put(name, value);
      }
    }
    return value;
  }

  /**
   * A value that is there already: asked for before, or put by the application.
   *
   * @param key a key of the environ
   * @return the value, or null if nobody has asked for it
   */
  public @Nullable Object peek(String key) {
    return own.get(key);
  }

  /**
   * The values that are there already: asked for before, or put.
   *
   * @return a view that must not be changed
   */
  public Map<String, Object> known() {
    return Collections.unmodifiableMap(own);
  }

  @Override
  public boolean containsKey(Object key) {
    return get(key) != null;
  }

  @Override
  public @Nullable Object put(String key, Object value) {
    Object before = get(key);
    own.put(key, value);
    return before;
  }

  /**
   * Puts real text, as its bytes in UTF-8. In Python it is {@code
   * environ[key].encode("latin-1").decode()}.
   *
   * @param key a key of the environ
   * @param text any, such as a person's name
   */
  public void putText(String key, String text) {
    put(key, new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  @Override
  public @Nullable Object remove(Object key) {
    return complete().remove(key);
  }

  @Override
  public Set<Entry<String, Object>> entrySet() {
    return complete().entrySet();
  }

  @Override
  public void forEach(BiConsumer<? super String, ? super Object> action) {
    if (complete) {
      own.forEach(action);
    } else if (own.isEmpty()) {
      source.forEach(action::accept);
    } else {
      source.forEach(
          (key, value) -> {
            if (!own.containsKey(key)) {
              action.accept(key, value);
            }
          });
      own.forEach(action);
    }
  }

  private Map<String, Object> complete() {
    if (!complete) {
      Map<String, Object> all = new LinkedHashMap<>();
      source.forEach(all::put);
      all.putAll(own);
      own = all;
      complete = true;
    }
    return own;
  }

  /**
   * A value that is a string.
   *
   * @param key a key of the environ
   * @return the value, or null if there is none or it is not a string
   */
  public @Nullable String string(String key) {
    return get(key) instanceof String value ? value : null;
  }

  private String string(String key, String otherwise) {
    String value = string(key);
    return value == null ? otherwise : value;
  }

  /**
   * {@code REQUEST_METHOD}.
   *
   * @return the method as sent
   */
  public String requestMethod() {
    return string("REQUEST_METHOD", "");
  }

  /**
   * {@code SCRIPT_NAME}: where the application is mounted, decoded.
   *
   * @return the path, {@code ""} at the root
   */
  public String scriptName() {
    return string("SCRIPT_NAME", "");
  }

  /**
   * {@code PATH_INFO}: the rest of the path, decoded.
   *
   * @return the path
   */
  public String pathInfo() {
    return string("PATH_INFO", "");
  }

  /**
   * {@code QUERY_STRING}.
   *
   * @return the query as sent, {@code ""} when there is none
   */
  public String queryString() {
    return string("QUERY_STRING", "");
  }

  /**
   * {@code CONTENT_TYPE}.
   *
   * @return the type as sent, or null
   */
  public @Nullable String contentType() {
    return string("CONTENT_TYPE");
  }

  /**
   * {@code CONTENT_LENGTH}.
   *
   * @return the number of bytes, or -1 when it is not known
   */
  public long contentLength() {
    String value = string("CONTENT_LENGTH");
    return value == null || value.isEmpty() ? -1 : Long.parseLong(value);
  }

  /**
   * {@code wsgi.url_scheme}.
   *
   * @return {@code "http"} or {@code "https"}
   */
  public String urlScheme() {
    return string("wsgi.url_scheme", "http");
  }

  /**
   * A request header.
   *
   * @param name its name in any case, such as {@code "User-Agent"}
   * @return its value, repeats joined with a comma, or null
   */
  public @Nullable String header(String name) {
    String key = name.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
    return string(key.equals("CONTENT_TYPE") || key.equals("CONTENT_LENGTH") ? key : "HTTP_" + key);
  }

  /**
   * {@code wsgi.input}.
   *
   * @return the request's body
   * @throws IllegalStateException if the environ has none
   */
  public GatewayInput input() {
    if (get("wsgi.input") instanceof GatewayInput input) {
      return input;
    }
    throw new IllegalStateException("environ has no wsgi.input of type GatewayInput");
  }
}
