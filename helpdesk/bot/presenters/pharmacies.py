"""A pharmacy as it is suggested."""

from helpdesk.accounts.types.directory import OrganisationEntry


def suggestion(site: OrganisationEntry) -> dict[str, str]:
    """Its name, where it is, and what stands in the form once it is chosen: its code tells it from all others."""
    where = [site.address, site.postcode, f"({site.ods_code})" if site.ods_code else ""]
    value = f"{site.name} ({site.ods_code})" if site.ods_code else f"{site.name}, {site.postcode}"
    return {"name": site.name, "where": " ".join(part for part in where if part), "value": value}
