//! The zones of a number, beside what libphonenumber says.

use outbound::hours::{NumberZones, ZoneId};

fn names(zones: &[ZoneId]) -> Vec<&str> {
    zones.iter().map(ZoneId::as_str).collect()
}

#[test]
fn b6_example_numbers_of_every_region_have_the_zones_of_the_reference() {
    let numbers = NumberZones::new();
    let mut seen = 0;
    for line in include_str!("../golden/number_zones.txt").lines().filter(|line| !line.starts_with('#')) {
        let (zones, examples) = line.split_once(' ').unwrap();
        let expected: Vec<&str> = if zones == "-" { Vec::new() } else { zones.split(',').collect() };
        for number in examples.split(' ') {
            assert_eq!(names(numbers.of_place(number)), expected, "{number}");
            seen += 1;
        }
    }
    assert!(seen > 450, "{seen}");
}

#[test]
fn b6_the_whole_table_is_read() {
    let numbers = NumberZones::new();
    let data = include_str!("../../src/hours/number_zones.txt");
    let rows = data.lines().filter(|line| !line.starts_with('#')).map(|line| line.split_once(' ').unwrap());
    let (mut lists, mut prefixes) = (0, 0);
    for (zones, row) in rows {
        lists += 1;
        for prefix in row.split(' ') {
            assert_eq!(names(numbers.of_place(prefix)).join(","), zones, "{prefix}");
            prefixes += 1;
        }
    }
    assert_eq!((prefixes, lists), (3240, 315));
}

#[cfg(feature = "chrono-tz")]
#[test]
fn b6_every_zone_of_a_number_is_one_that_the_iana_table_knows() {
    use outbound::hours::{IanaZones, Zones};
    let numbers = NumberZones::new();
    for code in 1..1000_u32 {
        for zone in numbers.of_calling_code(&code.to_string()) {
            assert!(IanaZones.knows(zone), "{zone}");
        }
    }
}

#[test]
fn b6_numbers_that_belong_to_a_place_have_its_zones() {
    let numbers = NumberZones::new();
    for (number, expected) in [
        ("+5511987654321", &["America/Sao_Paulo"][..]),
        ("+5592987654321", &["America/Manaus"]),
        ("+5568987654321", &["America/Rio_Branco"]),
        ("+12025550123", &["America/New_York"]),
        ("+12082005678", &["America/Boise", "America/Los_Angeles"]),
        ("+18765550123", &["America/Jamaica"]),
        ("+351912345678", &["Atlantic/Azores", "Europe/Lisbon"]),
        ("+233201234567", &["Africa/Accra"]),
    ] {
        assert_eq!(names(numbers.of_mobile(number)), expected, "{number}");
    }
}

#[test]
fn b6_a_mobile_without_an_area_may_be_in_any_zone_of_its_calling_code() {
    let numbers = NumberZones::new();
    for (number, place, all) in [
        ("+79123456789", "Europe/Moscow", 16),
        ("+61412345678", "Australia/Sydney", 8),
        ("+34612345678", "Europe/Madrid", 2),
        ("+6281234567890", "Asia/Jakarta", 3),
    ] {
        assert_eq!(names(numbers.of_place(number)), [place], "{number}");
        assert_eq!(numbers.of_mobile(number).len(), all, "{number}");
        assert_eq!(numbers.of_mobile(number), numbers.of_calling_code(number));
    }
    let kiribati = names(numbers.of_mobile("+68672001234"));
    assert!(kiribati.contains(&"Pacific/Tarawa") && kiribati.contains(&"Pacific/Kiritimati"), "{kiribati:?}");
}

#[test]
fn b6_an_unknown_area_is_every_zone_of_the_calling_code_and_an_unknown_code_none() {
    let numbers = NumberZones::new();
    assert_eq!(numbers.of_place("+19995550123").len(), 42);
    assert_eq!(numbers.of_calling_code("+12025550123").len(), 42);
    for unknown in ["+870773111632", "+88213456789", "+80012345678", "+9991234567", "", "+", "+0441234567", "0201"] {
        assert!(numbers.of_place(unknown).is_empty(), "{unknown}");
        assert!(numbers.of_mobile(unknown).is_empty(), "{unknown}");
        assert!(numbers.of_calling_code(unknown).is_empty(), "{unknown}");
    }
}

#[test]
fn b6_what_is_not_a_number_has_no_zone() {
    let numbers = NumberZones::new();
    for text in
        ["+1 202 555 0123", "++12025550123", "12025550123x", "+1202555012345678", "+１２０２", "rita@example.com"]
    {
        assert!(numbers.of_place(text).is_empty(), "{text}");
    }
    assert_eq!(numbers.of_place("12025550123"), numbers.of_place("+12025550123"));
    assert_eq!(numbers.of_place("120255501234567").len(), 1);
}
