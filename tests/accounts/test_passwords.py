"""What a new password may not be, and what it may."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client, override_settings

from tests.conftest import Cast

LOCAL = override_settings(PASSWORD_WORDS=["qiqihar", "planner", "2022"])


@LOCAL
@pytest.mark.parametrize(
    "password", ["Qiqihar2022!", "planner-2022", "2022PLANNERqiqihar", "qiqihar-demo"]
)
def test_words_of_the_house_do_not_make_a_password(password: str) -> None:
    with pytest.raises(ValidationError) as refused:
        validate_password(password)
    assert "password_local_word" in {error.code for error in refused.value.error_list}


@LOCAL
@pytest.mark.parametrize(
    "password", ["qiqihar-snow-on-the-river", "嫩江春天的风吹过湿地", "x" * 128]
)
def test_long_ones_of_any_characters_are_taken(password: str) -> None:
    validate_password(password)


def test_no_listed_words_refuse_nothing() -> None:
    with override_settings(PASSWORD_WORDS=[]):
        validate_password("planner-2022-planner")


@LOCAL
def test_the_page_says_so(cast: Cast, client: Client) -> None:
    client.force_login(cast.bob)
    new = {"new_password1": "qiqihar-2022", "new_password2": "qiqihar-2022"}
    page = client.post("/accounts/password/", {"old_password": "bob-password", **new})
    assert "人人首先会猜的词" in page.content.decode()
    cast.bob.refresh_from_db()
    assert cast.bob.check_password("bob-password")


def test_a_password_of_64_characters_opens_the_account(cast: Cast, client: Client) -> None:
    long = "长" * 40 + "-passphrase-" * 4
    cast.bob.set_password(long)
    cast.bob.save()
    for given, status in ((long[:-1], 200), (long, 302)):
        fields = {"username": "bob", "password": given}
        assert client.post("/accounts/login/", fields).status_code == status
