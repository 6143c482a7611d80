"""Statutory lists: contacts and referrals as Annex A asks for them, and the fields of the children in need census."""

from gateway.exporting.annex_a import contacts, referrals
from gateway.exporting.cases import Case, Child, cases
from gateway.exporting.census import census
from gateway.exporting.files import YEARS, Export, Kind, export

__all__ = ["YEARS", "Case", "Child", "Export", "Kind", "cases", "census", "contacts", "export", "referrals"]
