"""The harbour office's tables in Django's administration."""

from django.contrib import admin
from django.utils.html import format_html

from .models import Berth, Booking, Paper

admin.site.site_header = "Storvik harbour"
admin.site.site_title = "Storvik harbour"
admin.site.index_title = "Harbour office"


class BookingInline(admin.TabularInline):
    model = Booking
    fields = ["boat", "boat_length", "skipper", "arrival", "departure", "state"]
    extra = 0
    show_change_link = True


@admin.register(Berth)
class BerthAdmin(admin.ModelAdmin):
    list_display = ["code", "pier", "length", "depth", "shore_power", "price"]
    list_editable = ["price"]
    list_filter = ["pier", "shore_power"]
    search_fields = ["=number", "notes"]
    inlines = [BookingInline]

    @admin.display(ordering="number")
    def code(self, berth):
        return berth.code


@admin.register(Booking)
class BookingAdmin(admin.ModelAdmin):
    list_display = ["reference", "boat", "berth", "arrival", "departure", "nights", "state"]
    list_filter = ["state", "berth__pier"]
    list_select_related = ["berth"]
    search_fields = ["reference", "boat", "skipper", "email"]
    date_hierarchy = "arrival"
    autocomplete_fields = ["berth"]
    readonly_fields = ["reference", "created"]
    actions = ["confirm", "cancel"]
    fieldsets = [
        (None, {"fields": ["reference", "state", "berth", ("arrival", "departure")]}),
        ("Boat", {"fields": [("boat", "boat_length"), "skipper", "email"]}),
        ("Remarks", {"fields": ["message", "created"]}),
    ]

    @admin.action(description="Confirm the selected bookings")
    def confirm(self, request, queryset):
        count = queryset.filter(state=Booking.State.REQUESTED).update(
            state=Booking.State.CONFIRMED
        )
        self.message_user(request, f"{count} confirmed.")

    @admin.action(description="Cancel the selected bookings")
    def cancel(self, request, queryset):
        count = queryset.standing().update(state=Booking.State.CANCELLED)
        self.message_user(request, f"{count} cancelled.")


@admin.register(Paper)
class PaperAdmin(admin.ModelAdmin):
    list_display = ["title", "booking", "name", "size", "short_sha256", "uploaded"]
    list_select_related = ["booking"]
    search_fields = ["title", "name", "sha256"]
    readonly_fields = ["name", "size", "sha256", "uploaded_by", "uploaded"]
    raw_id_fields = ["booking"]
    date_hierarchy = "uploaded"

    @admin.display(description="SHA-256", ordering="sha256")
    def short_sha256(self, paper):
        return format_html('<code title="{}">{}…</code>', paper.sha256, paper.sha256[:12])

    def save_model(self, request, obj, form, change):
        if "file" in form.changed_data:
            obj.uploaded_by = request.user
        super().save_model(request, obj, form, change)
