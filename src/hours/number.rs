//! In which zones the owner of a telephone number may be.

use std::collections::BTreeMap;

use super::ZoneId;

/// Prefixes and their zones, from libphonenumber; the licence stands in its first line.
const DATA: &str = include_str!("number_zones.txt");

/// The longest number that is looked at, in digits: E.164 allows no more.
const MAX_DIGITS: usize = 15;

/// Calling codes whose mobile numbers begin with an area code: North America, Mexico, Argentina, Brazil and China.
const MOBILES_WITH_AREA: [u32; 5] = [1, 52, 54, 55, 86];

/// The time zones in which the owner of a number may be, by its prefix; as libphonenumber knows them.
///
/// Numbers are given in E.164, with or without the `+`. An empty answer means that nothing is known, as for satellite
/// phones: not that there are no quiet hours, and [`QuietHours`](super::QuietHours) takes it so.
///
/// A number tells where it was issued. People who move, or travel, keep theirs: what the host knows of a customer is better.
///
/// Build it once and keep it: a look-up allocates nothing.
///
/// ```
/// # use outbound::hours::NumberZones;
/// let numbers = NumberZones::new();
/// let manaus = numbers.of_mobile("+5592991234567");
/// assert_eq!(manaus.iter().map(|zone| zone.as_str()).collect::<Vec<_>>(), ["America/Manaus"]);
/// assert!(numbers.of_mobile("+870123456789").is_empty());
/// ```
#[derive(Debug, Clone)]
pub struct NumberZones {
    /// Prefixes as numbers, in order: none begins with a zero, so no two are the same. Each with its place in `lists`.
    prefixes: Vec<(u32, usize)>,
    lists: Vec<Box<[ZoneId]>>,
}

impl NumberZones {
    /// Reads the table that comes with the library.
    #[must_use]
    pub fn new() -> Self {
        let mut ids: BTreeMap<&str, ZoneId> = BTreeMap::new();
        let (mut prefixes, mut lists) = (Vec::new(), Vec::new());
        for line in DATA.lines().filter(|line| !line.starts_with('#')) {
            let Some((zones, numbers)) = line.split_once(' ') else { continue };
            prefixes.extend(numbers.split(' ').filter_map(|prefix| Some((prefix.parse().ok()?, lists.len()))));
            for name in zones.split(',') {
                if let Ok(id) = ZoneId::parse(name) {
                    ids.entry(name).or_insert(id);
                }
            }
            lists.push(zones.split(',').filter_map(|name| ids.get(name).cloned()).collect());
        }
        prefixes.sort_unstable();
        Self { prefixes, lists }
    }

    /// The zones of a mobile number: those of its area where the country's mobiles have one, and else all of the calling code.
    ///
    /// libphonenumber reads `+79…` as Moscow when it is asked for the place of the prefix; here that is a mobile of any of
    /// Russia's zones.
    #[must_use]
    pub fn of_mobile(&self, number: &str) -> &[ZoneId] {
        match self.matches(number).next() {
            Some((code, _)) if MOBILES_WITH_AREA.contains(&code) => self.of_place(number),
            _ => self.of_calling_code(number),
        }
    }

    /// The zones of a number that belongs to a place: a fixed line, and in countries that do not tell them apart, a mobile.
    #[must_use]
    pub fn of_place(&self, number: &str) -> &[ZoneId] {
        self.zones(self.matches(number).last())
    }

    /// All zones of a number's calling code, for a number that belongs to no place.
    #[must_use]
    pub fn of_calling_code(&self, number: &str) -> &[ZoneId] {
        // Every calling code has a row of its own, and none is the beginning of another.
        self.zones(self.matches(number).next())
    }

    fn zones(&self, found: Option<(u32, usize)>) -> &[ZoneId] {
        found.and_then(|(_, list)| self.lists.get(list)).map_or(&[], AsRef::as_ref)
    }

    /// The prefixes of a number that have a row, the shortest first.
    fn matches(&self, number: &str) -> impl Iterator<Item = (u32, usize)> {
        let digits = number.strip_prefix('+').unwrap_or(number);
        let is_number =
            digits.len() <= MAX_DIGITS && !digits.starts_with('0') && digits.bytes().all(|b| b.is_ascii_digit());
        let digits = if is_number { digits } else { "" };
        let prefixes = digits.bytes().scan(0_u32, |prefix, digit| {
            *prefix = prefix.checked_mul(10)?.checked_add(u32::from(digit - b'0'))?;
            Some(*prefix)
        });
        prefixes.filter_map(|prefix| {
            let at = self.prefixes.binary_search_by_key(&prefix, |(known, _)| *known).ok()?;
            self.prefixes.get(at).copied()
        })
    }
}

impl Default for NumberZones {
    fn default() -> Self {
        Self::new()
    }
}
