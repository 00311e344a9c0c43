"""Area codes: where the holder of a number may live, the places included that number libraries have wrong."""

import pytest

from campaigns.packs import Packs

CHIHUAHUA, JUAREZ = "America/Chihuahua", "America/Ciudad_Juarez"
BOTH_CLOCKS = {"America/Chicago", "America/New_York"}


@pytest.mark.parametrize(
    ("number", "zones"),
    [
        ("+525512345678", {"America/Mexico_City"}),
        ("+5215512345678", {"America/Mexico_City"}),  # as mobiles were dialled until 2019
        ("+523312345678", {"America/Mexico_City"}),
        ("+526641234567", {"America/Tijuana"}),
        ("+526631234567", {"America/Tijuana"}),
        ("+526141234567", {CHIHUAHUA}),
        *((f"+52{code}1234567", {CHIHUAHUA}) for code in (621, 625, 627, 629, 635, 636, 639, 648, 652, 659)),
        ("+526561234567", {JUAREZ, CHIHUAHUA}),
        ("+526571234567", {JUAREZ, CHIHUAHUA}),
        ("+526261234567", {"America/Ojinaga", CHIHUAHUA}),
        *((f"+52{code}1234567", {"America/Matamoros", "America/Monterrey"}) for code in (867, 868, 899, 891, 897)),
        *((f"+52{code}1234567", {"America/Hermosillo"}) for code in (662, 631, 644)),
        ("+529981234567", {"America/Cancun"}),
        ("+12125550123", {"America/New_York"}),
        ("+12195550123", {"America/Indiana/Indianapolis", "America/Chicago"}),
        *((f"+1{code}5550123", BOTH_CLOCKS) for code in (270, 364, 423, 850, 448)),
        ("+15415550123", {"America/Los_Angeles", "America/Boise"}),
        ("+14325550123", {"America/Chicago", "America/Denver"}),
        ("+12065550123", {"America/Los_Angeles"}),
        ("+18095550123", {"America/Santo_Domingo"}),
        ("+18295550123", {"America/Santo_Domingo"}),
        ("+573001234567", {"America/Bogota"}),
        ("+51987654321", {"America/Lima"}),
        ("+56322123456", {"America/Santiago", "Pacific/Easter"}),
        ("+56612123456", {"America/Punta_Arenas"}),
        ("+59352123456", {"America/Guayaquil", "Pacific/Galapagos"}),
        ("+5511987654321", {"America/Sao_Paulo"}),
        ("+5592987654321", {"America/Manaus", "America/Eirunepe"}),
        ("+34600123456", set()),
        ("", set()),
    ],
)
def test_the_zones_of_a_number(packs: Packs, number: str, zones: set[str]) -> None:
    assert set(packs.number_zones([number])) == zones


@pytest.mark.parametrize(("number", "pack"), [("+528001234567", "MX"), ("+18005550123", "US"), ("+56912345678", "CL")])
def test_a_number_without_an_area_may_be_anywhere_in_its_country(packs: Packs, number: str, pack: str) -> None:
    country = packs.get(pack)
    assert country is not None
    assert packs.number_zones([number]) == country.zones


def test_of_several_numbers_every_zone_counts_once(packs: Packs) -> None:
    assert packs.number_zones(["+525512345678", "+523312345678", "+529981234567"]) == (
        "America/Mexico_City",
        "America/Cancun",
    )
