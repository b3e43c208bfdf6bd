"""Pictures that items show: uploaded to a campaign, checked, and kept by the digest of their content."""

import hashlib
import io
import lzma
import secrets
import warnings
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from django.conf import settings
from django.db import IntegrityError, transaction
from PIL import Image as Pillow

from annotate.checking import check_storable
from annotate.errors import Invalid
from annotate.models import Campaign, Image

FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "GIF": "image/gif", "WEBP": "image/webp"}
MOST_PIXELS = 40_000_000
MOST_AT_ONCE = 1000
LONGEST_NAME = 200
DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(NotImplementedError, RuntimeError, OSError, EOFError, ValueError),
)
"""What reading a zip file raises where it is damaged, encrypted or packed in a way that we cannot read."""

File = tuple[str, IO[bytes]]


@dataclass(slots=True)
class Added:
    """What came of an upload: the pictures that are there now, and by file name why others are not."""

    images: list[Image] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def add_images(campaign: Campaign, files: Iterable[File]) -> Added:
    """Adds pictures, and those in zip files; the same one again changes nothing. A bad file stops no other."""
    added = Added()
    for name, content in _unpacked(files, added.refused):
        try:
            added.images.append(_add(campaign, name, content))
        except Invalid as error:
            added.refused[name] = error.message
    return added


def image_path(image: Image) -> Path:
    return Path(settings.IMAGES / image.digest[:2] / image.digest)


def _unpacked(files: Iterable[File], refused: dict[str, str]) -> Iterator[tuple[str, bytes]]:
    """Name and content of every file, those in zip files among them; never more than a picture may have of each."""
    for name, file in files:
        try:
            if zipfile.is_zipfile(file):
                yield from _members(file)
            else:
                file.seek(0)
                yield name, file.read(settings.MAX_IMAGE_BYTES + 1)
        except Invalid as error:
            refused[name] = error.message
        except DAMAGED:
            refused[name] = "the zip file is damaged or encrypted"


def _members(file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(file) as archive:
        inside = [one for one in archive.infolist() if not one.is_dir() and "__MACOSX/" not in one.filename]
        if len(inside) > MOST_AT_ONCE:
            raise Invalid(f"holds {len(inside):,} files; {MOST_AT_ONCE:,} are allowed")
        for one in inside:
            with archive.open(one) as member:
                yield PurePosixPath(one.filename).name, member.read(settings.MAX_IMAGE_BYTES + 1)


def _add(campaign: Campaign, name: str, content: bytes) -> Image:
    if not name.strip() or len(name) > LONGEST_NAME or "/" in name or "\\" in name:
        raise Invalid(f"a name has 1 to {LONGEST_NAME} characters and no slash")
    check_storable(name, "name")
    content_type, width, height = _checked(content)
    digest = hashlib.sha256(content).hexdigest()
    image = Image(campaign=campaign, name=name, content_type=content_type, width=width, height=height, digest=digest)
    _keep(image_path(image), content)
    try:
        with transaction.atomic():
            image.save()
    except IntegrityError:
        found = Image.objects.get(campaign=campaign, name=name)
        if found.digest != digest:
            raise Invalid("another picture has this name already; items that show it must not change") from None
        return found
    return image


def _checked(content: bytes) -> tuple[str, int, int]:
    """Type, width and height of a picture that can be read to its end. Raises `Invalid`."""
    if len(content) > settings.MAX_IMAGE_BYTES:
        raise Invalid(f"is larger than {settings.MAX_IMAGE_BYTES // 1024 // 1024} MB")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Pillow.DecompressionBombWarning)
            with Pillow.open(io.BytesIO(content), formats=tuple(FORMATS)) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise Pillow.DecompressionBombError
                picture.load()
                return FORMATS[str(picture.format)], picture.width, picture.height
    except Pillow.DecompressionBombError as error:
        raise Invalid(f"has more than {MOST_PIXELS // 10**6} million pixels") from error
    except Exception as error:  # Pillow's readers raise all sorts of things for damaged files.
        raise Invalid("is not a PNG, JPEG, GIF or WebP picture, or is damaged") from error


def _keep(path: Path, content: bytes) -> None:
    """Stores the file at once or not at all."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_suffix(f".{secrets.token_hex(8)}")
    waiting.write_bytes(content)
    waiting.replace(path)
