"""Pictures uploaded to a campaign: what is taken, what is refused and why, and who sees them."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image as Pillow
from pytest_django import Settings
from rest_framework.test import APIClient

from annotate import images
from annotate.campaigns import add_member, annotator_of
from annotate.images import add_images, image_path
from annotate.models import Campaign, Image, User
from annotate.users import token_of
from tests.annotate.views.pages import signed_in, text_of
from tests.factories import make_campaign, make_user, picture_file

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(researcher: User) -> Campaign:
    return make_campaign(researcher)


def zipped(*files: tuple[str, bytes]) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files:
            archive.writestr(name, content)
    file.seek(0)
    return file


@pytest.mark.parametrize(("kind", "content_type"), images.FORMATS.items())
def test_pictures_are_kept_as_they_are(campaign: Campaign, kind: str, content_type: str) -> None:
    file = picture_file(kind)
    (image,) = add_images(campaign, [("a.png", file)]).images
    assert (image.content_type, image.width, image.height) == (content_type, 3, 2)
    assert image_path(image).read_bytes() == file.getvalue()


def test_a_zip_gives_its_pictures_and_a_bad_file_stops_no_other(campaign: Campaign) -> None:
    archive = zipped(
        ("charts/one.png", picture_file().getvalue()),
        ("__MACOSX/one.png", b"x"),
        ("note.txt", b"no picture"),
        ("two.gif", picture_file("GIF").getvalue()),
    )
    added = add_images(campaign, [("all.zip", archive), ("three.webp", picture_file("WEBP"))])
    assert [image.name for image in added.images] == ["one.png", "two.gif", "three.webp"]
    assert added.refused == {"note.txt": "is not a PNG, JPEG, GIF or WebP picture, or is damaged"}


def bomb() -> io.BytesIO:
    """A small file of many pixels."""
    file = io.BytesIO()
    Pillow.new("1", (10_000, 4_001)).save(file, "PNG")
    return file


@pytest.mark.parametrize(
    ("name", "file", "reason"),
    [
        ("a.svg", io.BytesIO(b'<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), "is not a PNG"),
        ("a.png", io.BytesIO(b"<html><script>1</script></html>"), "is not a PNG"),
        ("a.png", io.BytesIO(picture_file().getvalue()[:50]), "or is damaged"),
        ("a.tiff", picture_file("TIFF"), "is not a PNG"),
        ("a.png", io.BytesIO(b""), "is not a PNG"),
        ("a.png", bomb(), "million pixels"),
        ("", picture_file(), "a name has"),
        ("a/b.png", picture_file(), "no slash"),
        ("x" * 201, picture_file(), "a name has"),
        ("a\0.png", picture_file(), "NUL"),
        ("a.zip", io.BytesIO(zipped(("a.png", b"x" * 100)).getvalue()[:-4] + b"junk"), "damaged"),
    ],
    ids=["svg", "html", "cut off", "tiff", "empty", "bomb", "no name", "slash", "long", "nul", "zip"],
)
def test_what_is_no_picture_is_refused_with_the_reason(
    campaign: Campaign, name: str, file: io.BytesIO, reason: str
) -> None:
    file.seek(0)
    added = add_images(campaign, [(name, file)])
    assert added.images == []
    (message,) = added.refused.values()
    assert reason in message


def test_large_files_are_refused_unread(campaign: Campaign, settings: Settings) -> None:
    settings.MAX_IMAGE_BYTES = 1024 * 1024
    large = io.BytesIO(b"\x89PNG" + b"\0" * 2 * 1024 * 1024)
    assert add_images(campaign, [("a.png", large)]).refused == {"a.png": "is larger than 1 MB"}
    assert large.tell() <= 1024 * 1024 + 1


def test_a_zip_that_unpacks_to_endless_zeros_is_refused(campaign: Campaign, settings: Settings) -> None:
    settings.MAX_IMAGE_BYTES = 1024 * 1024
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.png", b"\0" * 50 * 1024 * 1024)
    assert add_images(campaign, [("a.zip", file)]).refused == {"a.png": "is larger than 1 MB"}


def test_a_zip_of_too_many_files_is_refused(campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_AT_ONCE", 2)
    archive = zipped(("a.png", b""), ("b.png", b""), ("c.png", b""))
    assert add_images(campaign, [("a.zip", archive)]).refused == {"a.zip": "holds 3 files; 2 are allowed"}


@pytest.mark.parametrize("packed", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_file_in_a_zip_is_a_message(campaign: Campaign, packed: int) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", packed) as archive:
        archive.writestr("a.png", picture_file().getvalue())
    content = bytearray(file.getvalue())
    start = len("a.png") + 30
    content[start + 9 : start + 40] = b"\xff" * 31
    added = add_images(campaign, [("a.zip", io.BytesIO(content)), ("b.png", picture_file())])
    assert added.refused == {"a.zip": "the zip file is damaged or encrypted"}
    assert [image.name for image in added.images] == ["b.png"]


def test_the_same_picture_twice_is_one_and_another_of_its_name_is_refused(campaign: Campaign) -> None:
    for _ in range(2):
        assert not add_images(campaign, [("a.png", picture_file())]).refused
    added = add_images(campaign, [("a.png", picture_file(colour="red"))])
    assert "another picture has this name already" in added.refused["a.png"]
    assert Image.objects.count() == 1


def test_the_content_is_what_the_name_says_it_is_not(campaign: Campaign) -> None:
    """A file is served as what it is, whatever its name ends in."""
    add_images(campaign, [("page.html", picture_file("JPEG"))])
    answer = signed_in(campaign.created_by or User()).get(f"/images/{campaign.pk}/page.html")
    assert answer["Content-Type"] == "image/jpeg"


def test_members_see_a_picture_under_a_policy_that_lets_it_do_nothing(campaign: Campaign, annotator: User) -> None:
    add_images(campaign, [("ä b.png", picture_file())])
    address, client = f"/images/{campaign.pk}/%C3%A4%20b.png", signed_in(annotator)
    assert client.get(address).status_code == 404
    add_member(campaign, annotator_of(annotator))
    answer = client.get(address)
    assert b"".join(answer) == picture_file().getvalue()
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert signed_in(make_user("stranger")).get(address).status_code == 404


def test_a_picture_whose_file_is_gone_is_not_an_error_of_ours(campaign: Campaign) -> None:
    (image,) = add_images(campaign, [("a.png", picture_file())]).images
    image_path(image).unlink()
    assert signed_in(campaign.created_by or User()).get(f"/images/{campaign.pk}/a.png").status_code == 404


def test_the_page_adds_pictures_and_says_what_was_refused(campaign: Campaign, researcher: User) -> None:
    client = signed_in(researcher)
    good = SimpleUploadedFile("a.png", picture_file().getvalue())
    page = client.post("/campaigns/pairs/images/", {"file": [good, SimpleUploadedFile("b.png", b"junk")]})
    assert page.status_code == 200
    assert "1 picture added" in text_of(page)
    assert "<strong>b.png</strong> is not a PNG" in text_of(page)
    assert "upload:a.png" in text_of(client.get("/campaigns/pairs/images/"))
    assert client.post("/campaigns/pairs/images/", {"file": SimpleUploadedFile("b.png", b"junk")}).status_code == 422
    assert "Choose at least one picture" in text_of(client.post("/campaigns/pairs/images/"))


def test_the_list_goes_on_where_the_page_ends(
    campaign: Campaign, researcher: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("annotate.views.images.PAGE", 1)
    add_images(campaign, [("a&b.png", picture_file()), ("c.png", picture_file(colour="red"))])
    client = signed_in(researcher)
    assert 'href="?after=a%26b.png"' in text_of(client.get("/campaigns/pairs/images/"))
    assert "upload:c.png" in text_of(client.get("/campaigns/pairs/images/?after=a%26b.png"))


def test_the_api_adds_and_lists_pictures(campaign: Campaign, researcher: User) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token_of(researcher.username)}")
    address = "/api/v1/campaigns/pairs/images/"
    files = [SimpleUploadedFile("a.png", picture_file().getvalue()), SimpleUploadedFile("b.png", b"junk")]
    answer = client.post(address, {"file": files}, format="multipart")
    assert answer.status_code == 201
    payload = {"name": "a.png", "address": "upload:a.png", "content_type": "image/png", "width": 3, "height": 2}
    assert answer.json()["images"] == [payload]
    assert set(answer.json()["refused"]) == {"b.png"}
    assert client.get(address).json() == {"results": [payload], "next": None}
    refused = client.post(address, {"file": SimpleUploadedFile("b.png", b"junk")}, format="multipart")
    assert (refused.status_code, set(refused.json()["fields"])) == (422, {"b.png"})
    assert client.post(address, {}, format="multipart").json()["fields"] == {"file": "a picture, or a zip of pictures"}


def test_the_api_takes_hundreds_of_pictures_at_once_and_says_where_it_stops(
    campaign: Campaign, researcher: User, settings: Settings
) -> None:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {token_of(researcher.username)}")
    address = "/api/v1/campaigns/pairs/images/"
    files = [SimpleUploadedFile(f"{n}.png", picture_file().getvalue()) for n in range(101)]
    assert client.post(address, {"file": files}, format="multipart").status_code == 201
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 100
    refused = client.post(address, {"file": files}, format="multipart")
    assert (refused.status_code, refused.json()["code"]) == (413, "too_large")
    assert "at most 100 files" in refused.json()["message"]


def test_a_moving_picture_stays_one(campaign: Campaign) -> None:
    file = io.BytesIO()
    frames = [Pillow.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    file.seek(0)
    (image,) = add_images(campaign, [("a.gif", file)]).images
    assert image_path(image).read_bytes() == file.getvalue()
