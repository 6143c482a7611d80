"""The marks by which mail programs of many languages say that what follows was written before, or says nothing."""

from __future__ import annotations

import re

WROTE = re.compile(
    r"(?i)(?<!\w)(?:wrote|writes|ysgrifennodd|a écrit|schrieb|geschrieben|escribió|napisał(?:a|\(a\))?|pisze|a scris|"
    r"ha scritto|schreef|geschreven|escreveu|skrev|kirjoitti|napsal(?:a|\(a\))?|yazdı|írta|написал(?:а|\(а\))?|"
    r"έγραψε|写道|寫道)(?!\w)"
)
OPENS = re.compile(
    r"(?:On|At|In message|Ar|Am|Le|El|W dniu|Dnia|În|In data|Pe|La data|Il(?: giorno)?|Op|Em|A|No dia|Den|Dne|"
    r"pon|wt|śr|czw|pt|sob|niedz|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{2,4})\b",
    re.IGNORECASE,
)
A_MOMENT = re.compile(r"\b(?:19|20)\d\d\b|\d[:.h]\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|@")
AN_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")
BY_ADDRESS = re.compile(r"[^.!?<>]{0,80}<[^\s<>@]+@[^\s<>@]+>")

_LABELS = {
    "from": "From|Oddi wrth|Von|De la|De|Od|Da|Van|Expéditeur|Nadawca|Expeditor|Mittente|Afzender|Fra|Från",
    "sent": "Sent|Date|Anfonwyd|Dyddiad|Gesendet|Datum|Envoyé(?: le)?|Enviado(?: el| em)?|Enviada(?: em)?|Fecha|"
    "Wysłano|Data|Trimis|Inviato|Verzonden|Sendt|Skickat|Dato",
    "to": "To|At|An|À|Para|Do|A|Către|Aan|Til|Till",
    "subject": "Subject|Pwnc|Betreff|Objet|Asunto|Temat|Subiect|Oggetto|Onderwerp|Assunto|Emne|Ämne",
    "more": "Cc|Bcc|Reply-To|Importance|Attachments|Kopie|DW|UDW|Anhänge|Pièces jointes",
}
LABELS = {
    kind: re.compile(rf"[*_\s]*(?:{names})[*_]*\s*:[*_]*(?:\s|$)", re.IGNORECASE) for kind, names in _LABELS.items()
}

ORIGINAL = re.compile(
    r"(?i)\s*[-_*=]{2,}\s*(?:original (?:message|appointment)|neges wreiddiol|ursprüngliche nachricht|"
    r"message d['’]origine|mensaje original|(?:oryginalna wiadomość|wiadomość oryginalna)|mesaj(?:ul)? original|"
    r"messaggio originale|"
    r"oorspronkelijk bericht|mensagem original|oprindelig meddelelse|ursprungligt meddelande|opprinnelig melding)"
    r"\s*[-_*=]{2,}\s*"
)
RULE = re.compile(r"\s*[_-]{10,}\s*")

FORWARDED = re.compile(
    r"(?i)\s*(?:[-_*=]{2,}\s*(?:forwarded (?:message|mail|by)|neges wedi['’]i hanfon ymlaen|weitergeleitete nachricht|"
    r"message transf[ée]r[ée]|mensaje reenviado|(?:przekazana wiadomość|wiadomość przekazana)|mesaj redirecționat|"
    r"messaggio inoltrato|doorgestuurd bericht|mensagem (?:encaminhada|reencaminhada))\b.*|"
    r"(?:begin forwarded message|dechrau neges a anfonwyd ymlaen|anfang der weitergeleiteten nachricht|"
    r"début du message (?:réexpédié|transféré)|inicio del mensaje reenviado|początek przekazywanej wiadomości|"
    r"începutul mesajului redirecționat|inizio messaggio inoltrato|begin doorgestuurd bericht|"
    r"início da mensagem (?:reencaminhada|encaminhada))\s*:\s*)"
)
TAGS = re.compile(r"\s*(?:\[[^\]]{0,40}\]\s*)*")
FORWARDS = re.compile(r"(?:fwd?|wg|tr|rv|pd|i|enc|doorst|vb|ymlaen)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)
ANSWERS = re.compile(r"(?:re|aw|antw|antwort|sv|odp|r|rif|res|ateb|atb|răsp|rép|ynt)\s*(?:\[\d+\])?\s*:", re.IGNORECASE)

POINTS_AT_IT = re.compile(
    r"(?i)\b(?:below|beneath|underneath|in-?line|in (?:red|blue|green|bold|caps|capitals)|forward(?:ed|ing)?|fyi|trail|"
    r"chain|under (?:your|his|her|their|each)|following (?:e-?mail|message)s?|highlighted|"
    r"isod|oddi tano|mewn coch|ymlaen|unten|untenstehend|in rot|ci-dessous|en rouge|abajo|en rojo|poniżej|na czerwono|"
    r"mai jos|cu roșu|(?:qui|di) (?:sotto|seguito)|in rosso|hieronder|onderstaand\w*|in het rood|abaixo|a vermelho)\b"
)
"""Whoever writes so asks to read the quoted words, or has answered among them."""

SENT_FROM = re.compile(
    r"(?i)\s*(?:sent (?:from|via|with) (?:my |the )?(?:\w+ ){0,3}(?:i?phone|ipad|mobile|android|galaxy|outlook|"
    r"blackberry|mail|yahoo|proton|huawei|samsung|device|windows|tablet|smartphone)\b.{0,60}|get outlook for .{1,60}|"
    r"anfonwyd o(?:'m| fy) .{1,40}|von meinem .{1,40} gesendet|gesendet (?:von|mit) .{1,40}|"
    r"envoyé (?:de|depuis) .{1,40}|enviado desde (?:mi|el|un|outlook) ?.{0,40}|wysłan[eo] z .{1,40}|"
    r"trimis de pe .{1,40}|"
    r"inviato da(?:l mio)? .{1,40}|verstuurd vanaf .{1,40}|verzonden vanaf .{1,40}|enviado (?:do|"
    r"a partir do) (?:meu )?.{1,40})\s*"
)
DASHES = re.compile(r"(?:--|—)[ \u00a0]?")
DISCLAIMS = re.compile(
    r"(?i)intended (?:only |solely |recipients?)|addressee|legally privileged|privileged|received (?:this|"
    r"it) .{0,20}in error|"
    r"unauthori[sz]ed|strictly prohibited|outside (?:of )?(?:the|your|our) organi[sz]ation|external sender|"
    r"click (?:on )?"
    r"(?:any )?links|content is safe|recogni[sz]e the sender|environment before printing|accept(?:s)? (?:no|"
    r"any) liability|"
    r"views .{0,30}expressed|virus(?:es)?|may be monitored|confidential|derbynydd|gyfrinachol|bwriedir|vertraulich|"
    r"empfänger|irrtümlich|confidentiel|destinataire|par erreur|confidencial|destinatario|por error|poufn|adresat|"
    r"omyłk|"
    r"confidențial|riservat|vertrouwelijk|geadresseerde|destinatário|por engano"
)
"""Words of disclaimers and of warnings that mail servers put on top; one alone, "confidential", anybody writes."""
OF_MAIL = re.compile(
    r"(?i)e-?mails?|e-?bost|message|communication|transmission|correo|wiadomość|mesaj|bericht|mensagem|nachricht|"
    r"messaggio|"
    r"attachment|recipient|caution|warning|disclaimer|notice|sender|delete|printing|disclos|copy|cop(?:y|ies)|"
    r"distribut|"
    r"opinions|views|links|scanned|virus|privileged|liab|monitored|addressee|prohibited|organi[sz]ation"
)
A_PERSON_SPEAKS = re.compile(
    r"(?i)\b(?:i|i'm|im|me|my|mine|he|she|him|her|his|hers|they|them|their|we|us|you're|ich|mir|mich|mein\w*|er|"
    r"sie|je|moi|"
    r"mon|ma|mes|il|elle|yo|mi|ella|io|mio|mia|lui|ja|mnie|moja|mój|eu|meu|minha|ele|ela|ik|mij|mijn|hij|zij|fi|fy|"
    r"hi|ef)\b"
)
"""No signature and no disclaimer speaks so; a child does."""
