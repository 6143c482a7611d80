"""A PDF/A-2b put together: pages of a picture and words behind it, and what the standard asks for beside them."""

from __future__ import annotations

from datetime import datetime

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from gateway.searchable.behind import Signs, words_behind
from gateway.searchable.pictured import Pictured
from gateway.searchable.srgb import NAME, srgb_profile
from gateway.searchable.unseen_font import ASCENT, DESCENT, EM, GLYPH, WIDTH, unseen_font

MAKER = "frontdoor"


class Copy:
    """A searchable copy while its pages are added (ISO 19005-2, level B)."""

    def __init__(self) -> None:
        self._pdf, self._signs = Pdf.new(), Signs()
        self._font = self._pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type0))

    def add(self, page: Pictured) -> None:
        """The next page."""
        wide, high = (round(side, 2) for side in page.size)
        picture = Stream(
            self._pdf, page.jpeg, Type=Name.XObject, Subtype=Name.Image, Width=page.pixels[0], Height=page.pixels[1],
            ColorSpace=Name.DeviceRGB if page.is_coloured else Name.DeviceGray, BitsPerComponent=8,
            Filter=Name.DCTDecode,
        )  # fmt: skip
        drawn = f"q {wide} 0 0 {high} 0 0 cm /Page Do Q\n".encode() + words_behind(
            page.sheet, (wide, high), self._signs
        )
        self._pdf.pages.append(
            pikepdf.Page(
                self._pdf.make_indirect(
                    Dictionary(
                        Type=Name.Page, MediaBox=Array([0, 0, wide, high]), Contents=Stream(self._pdf, drawn),
                        Resources=Dictionary(XObject=Dictionary(Page=picture), Font=Dictionary(Words=self._font)),
                    )
                )
            )
        )  # fmt: skip

    def finished(self, *, title: str, language: str, made_at: datetime) -> Pdf:
        """The whole, to be saved."""
        self._finish_font()
        root = self._pdf.Root
        root.Lang = language
        root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        root.OutputIntents = Array([self._output_intent()])
        with self._pdf.open_metadata(set_pikepdf_as_editor=False) as told:
            told["dc:title"] = title
            told["dc:language"] = {language}
            told["pdf:Producer"] = told["xmp:CreatorTool"] = MAKER
            told["xmp:CreateDate"] = told["xmp:ModifyDate"] = made_at.isoformat()
            told["pdfaid:part"], told["pdfaid:conformance"] = "2", "B"
        return self._pdf

    def _output_intent(self) -> Dictionary:
        profile = Stream(self._pdf, srgb_profile(), N=3, Alternate=Name.DeviceRGB)
        return Dictionary(
            Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=NAME, Info=NAME,
            DestOutputProfile=self._pdf.make_indirect(profile),
        )  # fmt: skip

    def _finish_font(self) -> None:
        """Every sign is drawn by the one glyph; which sign it is stands in the map."""
        program = unseen_font()
        descriptor = Dictionary(
            Type=Name.FontDescriptor, FontName=Name.FrontdoorUnseen, Flags=4, ItalicAngle=0, StemV=80,
            FontBBox=Array([0, DESCENT, WIDTH, ASCENT]), Ascent=ASCENT, Descent=DESCENT, CapHeight=ASCENT,
            FontFile2=Stream(self._pdf, program, Length1=len(program)),
        )  # fmt: skip
        glyphs = GLYPH.to_bytes(2, "big") * (len(self._signs) + 1)
        below = Dictionary(
            Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.FrontdoorUnseen, DW=WIDTH * 1000 // EM,
            CIDSystemInfo=Dictionary(Registry="Adobe", Ordering="Identity", Supplement=0),
            FontDescriptor=self._pdf.make_indirect(descriptor), CIDToGIDMap=Stream(self._pdf, glyphs),
        )  # fmt: skip
        self._font.BaseFont = Name.FrontdoorUnseen
        self._font.Encoding = Name("/Identity-H")
        self._font.DescendantFonts = Array([self._pdf.make_indirect(below)])
        self._font.ToUnicode = Stream(self._pdf, self._signs.to_unicode())
