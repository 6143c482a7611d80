"""Which wordings there have to be, and what each of them has to tell."""

REQUIRED = {
    "receipt.sms": "reference read_by_short",
    "receipt.sms-open": "organisation reference read_by_short phone",
    "receipt.email": "reference what_we_got received_full read_by next_notice_by phone address complaint_url",
    "receipt.letter": "reference received_full_day read_by next_notice_by_day phone address complaint_url",
    "receipt.web": "reference read_by next_notice_by phone code",
    "receipt.voice": "spoken_reference read_by_spoken",
    "after_talk.voice": "spoken_reference",
    "receipt.note": "read_out_reference read_by_spoken",
    "looked_at.sms": "reference phone",
    "looked_at.email": "reference received_date phone",
    "looked_at.letter": "reference received_date phone",
    "looked_at.web": "reference received_date phone",
    "looked_at-outcome.sms": "reference acts phone",
    "looked_at-outcome.email": "reference received_date acts phone",
    "looked_at-outcome.letter": "reference received_date acts phone",
    "looked_at-outcome.web": "reference received_date acts phone",
    "looked_at-professional.email": "reference received_date decision made_by reasons next_steps phone",
    "looked_at-professional.letter": "reference received_date decision made_by reasons next_steps phone",
    "need_more.sms": "reference phone answer_by_short",
    "need_more.email": "reference question phone answer_by",
    "need_more.letter": "reference question phone address answer_by",
    "need_more.web": "reference question phone answer_by",
    "late.sms": "reference promised_short new_time_short phone",
    "late.email": "reference promised new_time phone",
    "late.letter": "reference promised new_time phone",
    "late.web": "reference promised new_time phone",
    "closed.sms": "reference phone",
    "closed.email": "reference received_date phone complaint_url",
    "closed.letter": "reference received_date phone complaint_url",
    "closed.web": "reference received_date phone complaint_url",
    "passed_on.sms": "reference phone",
    "passed_on.email": "reference passed other_council other_phone phone",
    "passed_on.letter": "reference passed other_council other_phone phone",
    "passed_on.web": "reference passed other_council other_phone phone",
    "worker_message.sms": "reference answer_by_short phone",
    "worker_message.email": "reference worker read_by answer_by phone",
    "worker_message.letter": "reference worker read_by answer_by phone",
    "worker_message.web": "reference worker read_by answer_by phone",
    "receipt.email-discreet": "reference read_by phone",
    "looked_at.email-discreet": "reference phone",
    "looked_at-outcome.email-discreet": "reference acts phone",
    "need_more.email-discreet": "reference phone answer_by",
    "late.email-discreet": "reference promised new_time phone",
    "closed.email-discreet": "reference phone",
    "passed_on.email-discreet": "reference phone",
    "worker_message.email-discreet": "reference answer_by phone",
    "staff_task.staff": "reference due undelivered what_failed",
    "staff_task.email": "reference role says task act_by link",
    "staff_task.sms": "reference role says task act_by_short",
    "stop.sms": "reference phone",
    "greeting.voice": "organisation",
    "greeting_closed.voice": "organisation opens_spoken read_by_spoken",
    "prompt.voice": "",
    "prompt_child.voice": "",
    "prompt_worker.voice": "",
    "prompt_addition.voice": "",
    "put_through_child.voice": "",
    "refused.voice": "",
    "unrecorded.voice": "",
    "unrecorded_withheld.voice": "",
    "choices.voice": "",
    "no_input.voice": "",
    "sorry.voice": "",
    "not_kept_yet.voice": "spoken_phone",
    "texted.voice": "",
    "cannot_text.voice": "",
    "goodbye.voice": "",
    "whisper.voice": "organisation",
    "fallback_waiting.voice": "",
    "fallback_whisper.voice": "organisation",
    "asking.voice": "",
    "asking_have_it.voice": "",
    "asking_read.voice": "",
    "asking_question.voice": "",
    "asking_finished.voice": "",
    "asking_not_said.voice": "",
    "asking_next.voice": "",
    "asking_last.voice": "",
}
"""Every wording there has to be, and the tokens it must contain."""

TO_STAFF = ("staff_task.staff", "staff_task.email", "staff_task.sms")
ABOUT_A_REFERENCE = frozenset(
    f"asking_{word}.voice" for word in ("have_it", "read", "question", "finished", "not_said")
)
"""Heard by anybody who has a reference: nothing of the concern, of who told us or of who acts."""
WITHOUT_999 = frozenset(
    {
        "prompt.voice", "texted.voice", "cannot_text.voice", "whisper.voice", "refused.voice", "asking.voice",
        "fallback_whisper.voice", *ABOUT_A_REFERENCE, *TO_STAFF,
    }
)  # fmt: skip
"""Said together with a wording that has it, or to staff."""
FOR_PROFESSIONALS = frozenset(
    {
        "looked_at-professional.email",
        "looked_at-professional.letter",
        "whisper.voice",
        "fallback_whisper.voice",
        *TO_STAFF,
    }
)
"""May be harder to read, and may name what the public is not told."""
