"""Unpacks a picture that may have been cut off on its way."""

from PIL import Image, ImageFile


def loads_whole(image: Image.Image) -> bool:
    """Whether all of the picture was there: it is unpacked as far as it goes where its end is missing.

    Raises what the reader of its kind raises where nothing can be unpacked.
    """
    try:
        image.load()
    except OSError:
        ImageFile.LOAD_TRUNCATED_IMAGES = True
        try:
            image.load()
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = False
        return False
    return True
