import pytest

from config.settings import _image_host


@pytest.mark.parametrize(
    ("name", "origin"),
    [
        ("pictures.example.org", "https://pictures.example.org"),
        ("*.cdn.example.org", "https://*.cdn.example.org"),
        ("http://localhost:9000", "http://localhost:9000"),
    ],
)
def test_hosts_of_pictures_become_origins(name: str, origin: str) -> None:
    assert _image_host(name) == origin


@pytest.mark.parametrize("name", ["*", "https:", "data:", "a b", "'unsafe-inline'", "x; script-src *", "https://a/b"])
def test_what_is_no_host_stops_the_start(name: str) -> None:
    with pytest.raises(ValueError, match="IMAGE_HOSTS"):
        _image_host(name)
