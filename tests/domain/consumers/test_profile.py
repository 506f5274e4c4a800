"""Two consumers turn out to be one, and then they do not."""

from domain.consumers.profile import Profile, changed, combined, without

KEPT = Profile(name="Mia Lindner", note="Prefers mornings.", fields={"acme-tier": "Gold"})
OTHER = Profile(name="M. L.", email="mia@acme.example", fields={"acme-order": "4711"})


def test_the_kept_one_keeps_what_it_has_and_gets_what_it_lacks() -> None:
    both = combined(KEPT, OTHER)
    assert both.profile == Profile(
        name="Mia Lindner",
        email="mia@acme.example",
        note="Prefers mornings.",
        fields={"acme-tier": "Gold", "acme-order": "4711"},
    )
    assert both.filled == ("email", "field:acme-order")


def test_taken_apart_again_it_is_as_it_was() -> None:
    both = combined(KEPT, OTHER)
    apart = without(both.profile, both.filled, OTHER)
    assert (apart.profile, apart.filled) == (KEPT, ("email", "field:acme-order"))


def test_what_somebody_has_changed_meanwhile_stays() -> None:
    both = combined(KEPT, OTHER)
    edited = both.profile.with_detail("email", "mia@home.example")
    apart = without(edited, both.filled, OTHER)
    assert apart.profile.email == "mia@home.example"
    assert "acme-order" not in apart.profile.fields
    assert apart.filled == ("field:acme-order",)


def test_no_is_a_value() -> None:
    asked = Profile(fields={"acme-news": False})
    assert combined(asked, Profile(fields={"acme-news": True})).profile == asked


def test_a_change_is_told_without_naming_fields() -> None:
    assert changed(KEPT, KEPT) == ()
    assert changed(KEPT, OTHER) == ("name", "email", "note", "fields")
