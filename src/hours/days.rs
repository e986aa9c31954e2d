//! Sets of weekdays.

use std::fmt;

use chrono::Weekday;
use serde::{Deserialize, Serialize};

/// A set of weekdays, written as `["mon", "tue"]`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Day>", into = "Vec<Day>")]
pub struct Days(u8);

/// A weekday as it is written down.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Day {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

const WEEK: [(Weekday, Day, &str); 7] = [
    (Weekday::Mon, Day::Mon, "mon"),
    (Weekday::Tue, Day::Tue, "tue"),
    (Weekday::Wed, Day::Wed, "wed"),
    (Weekday::Thu, Day::Thu, "thu"),
    (Weekday::Fri, Day::Fri, "fri"),
    (Weekday::Sat, Day::Sat, "sat"),
    (Weekday::Sun, Day::Sun, "sun"),
];

impl Days {
    /// Every day of the week.
    pub const ALL: Self = Self(0b111_1111);

    /// Whether a day is one of them.
    #[must_use]
    pub const fn contains(self, day: Weekday) -> bool {
        self.0 & bit(day) != 0
    }

    /// Whether it is no day at all.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    fn names(self) -> impl Iterator<Item = &'static str> {
        WEEK.into_iter().filter(move |(day, ..)| self.contains(*day)).map(|(.., name)| name)
    }
}

const fn bit(day: Weekday) -> u8 {
    1 << day.num_days_from_monday()
}

impl FromIterator<Weekday> for Days {
    fn from_iter<I: IntoIterator<Item = Weekday>>(days: I) -> Self {
        Self(days.into_iter().fold(0, |bits, day| bits | bit(day)))
    }
}

impl From<Vec<Day>> for Days {
    fn from(days: Vec<Day>) -> Self {
        WEEK.into_iter()
            .filter(|(_, name, _)| days.iter().any(|day| *day as u8 == *name as u8))
            .map(|(day, ..)| day)
            .collect()
    }
}

impl From<Days> for Vec<Day> {
    fn from(days: Days) -> Self {
        WEEK.into_iter().filter(|(day, ..)| days.contains(*day)).map(|(_, name, _)| name).collect()
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Self::ALL {
            return f.write_str("every day");
        }
        f.write_str(&self.names().collect::<Vec<_>>().join(", "))
    }
}

impl fmt::Debug for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Days({self})")
    }
}
