"""Every staff page on one router."""

from __future__ import annotations

from fastapi import APIRouter

from gateway.core import Core
from gateway.staff.agreements_page import agreements_router
from gateway.staff.alike_page import alike_pages
from gateway.staff.arrival_page import arrival_pages
from gateway.staff.away_page import away_pages
from gateway.staff.call_beside import call_beside
from gateway.staff.call_done import call_done_pages
from gateway.staff.call_list import call_list
from gateway.staff.call_page import call_pages
from gateway.staff.changes_page import changes_router
from gateway.staff.claims_page import claims_pages
from gateway.staff.contact_page import contact_pages
from gateway.staff.files import files_router
from gateway.staff.hand_in_page import hand_in_router
from gateway.staff.keys_page import keys_router
from gateway.staff.letters_page import letters_router
from gateway.staff.live import live_router
from gateway.staff.look_page import look_router
from gateway.staff.mail_page import mail_page_router
from gateway.staff.next_page import next_router
from gateway.staff.notes import notes_router
from gateway.staff.oversight import oversight_router
from gateway.staff.pages import Pages
from gateway.staff.part_page import part_page_router
from gateway.staff.post_page import post_router
from gateway.staff.print_run_page import print_run_router
from gateway.staff.queue import queue_router
from gateway.staff.referral import referral_router
from gateway.staff.returned_page import returned_router
from gateway.staff.saving import saving_router
from gateway.staff.scan_page import scan_pages
from gateway.staff.search_page import search_pages
from gateway.staff.separators_page import separators_router
from gateway.staff.sign_in import sign_in_router
from gateway.staff.signed_in import SignedIn
from gateway.staff.sounds import sounds_router
from gateway.staff.step_page import step_router
from gateway.staff.task_list import tasks_router
from gateway.staff.word_forms import word_forms_router

BUILDERS = (
    search_pages,
    sign_in_router, queue_router, tasks_router, contact_pages, arrival_pages, claims_pages, alike_pages,
    referral_router,
    files_router, sounds_router, saving_router, mail_page_router, word_forms_router, part_page_router, changes_router,
    notes_router, next_router, agreements_router, live_router, oversight_router, keys_router, look_router,
    call_list, call_pages, call_beside, call_done_pages, away_pages,
    post_router, scan_pages, letters_router, print_run_router, returned_router, hand_in_router, separators_router,
    step_router,
)  # fmt: skip


def staff_router(core: Core) -> APIRouter:
    """The pages of staff who are signed in, and the way in."""
    router, pages, signed_in = APIRouter(), Pages(core), SignedIn(core)
    for build in BUILDERS:
        router.include_router(build(core, pages, signed_in))
    return router
