//! What a host gives the suite for deliveries: a provider that behaves as told, and what it really sent.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use super::Trouble;
use crate::model::{Dispatch, MessageId, SendResult};
use crate::port::Delivery;
use crate::testing::conformance::Job;

/// How the provider behind a delivery behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Provider {
    /// It takes every message.
    Takes,
    /// It takes the first message that comes, and its answer is lost; from then on it takes every message and answers.
    LosesItsFirstAnswer,
    /// It cannot be reached for the first attempt; from then on it takes every message.
    IsDownAtFirst,
    /// It refuses every message for good: the number does not exist.
    RefusesForGood,
    /// It takes the connection and never answers.
    Hangs,
}

impl Provider {
    /// Every way to behave.
    pub const ALL: [Self; 5] =
        [Self::Takes, Self::LosesItsFirstAnswer, Self::IsDownAtFirst, Self::RefusesForGood, Self::Hangs];

    /// What is missing where a harness has no such provider, in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Takes => "a provider that takes messages",
            Self::LosesItsFirstAnswer => "a provider whose first answer is lost",
            Self::IsDownAtFirst => "a provider that is down at first",
            Self::RefusesForGood => "a provider that refuses for good",
            Self::Hangs => "a provider that hangs",
        }
    }
}

/// How the suite comes by the deliveries of a host.
///
/// A *site* is a delivery with the provider behind it: a test double, or a sandbox whose log can be read.
pub trait DeliveryHarness: Sync {
    /// The delivery; an asynchronous one is wrapped in a closure that runs it to its end, a
    /// `Box<dyn Fn(&Dispatch) -> SendResult + Send + Sync>`.
    type Delivery: Delivery;
    /// A provider, and what a delivery needs to know of it.
    type Site: Sync;

    /// A new provider that behaves so and has sent nothing; none where the host has no such provider.
    fn provider(&self, behaves: Provider) -> Option<Self::Site>;

    /// A delivery to a provider, as a process has it that was just started: nothing that is only in memory is known to it.
    fn open(&self, site: &Self::Site) -> Self::Delivery;

    /// The messages that the provider really sent to customers, each as often as it was sent.
    fn sent(&self, site: &Self::Site) -> Vec<MessageId>;

    /// The time by the clock that the delivery goes by.
    fn now(&self) -> DateTime<Utc>;

    /// How long a message is claimed for, as the host's set-up says.
    fn lease(&self) -> TimeDelta;

    /// Runs all jobs, at the same time if it can, and returns when all of them ended; as
    /// [`StoreHarness::together`](crate::testing::conformance::StoreHarness::together).
    fn together(&self, jobs: Vec<Job<'_>>);

    /// Tells a person that a check was skipped, and why.
    fn skipped(&self, what: &str);
}

/// A harness as the checks see it.
#[derive(Clone, Copy)]
pub(super) struct Bench<'h>(&'h dyn AnyHarness);

trait AnyHarness: Sync {
    fn provider(&self, behaves: Provider) -> Option<Box<dyn AnySite + '_>>;
    fn now(&self) -> DateTime<Utc>;
    fn lease(&self) -> TimeDelta;
    fn together(&self, jobs: Vec<Job<'_>>);
}

/// A provider, and how to send through a delivery to it that was just started.
pub(super) trait AnySite: Sync {
    /// Sends each in turn through one delivery.
    fn send(&self, dispatches: &[Dispatch]) -> Vec<SendResult>;
    /// What the provider really sent.
    fn sent(&self) -> Vec<MessageId>;
}

impl<H: DeliveryHarness> AnyHarness for H {
    fn provider(&self, behaves: Provider) -> Option<Box<dyn AnySite + '_>> {
        let site = DeliveryHarness::provider(self, behaves)?;
        Some(Box::new(SiteOf { harness: self, site }))
    }
    fn now(&self) -> DateTime<Utc> {
        DeliveryHarness::now(self)
    }
    fn lease(&self) -> TimeDelta {
        DeliveryHarness::lease(self)
    }
    fn together(&self, jobs: Vec<Job<'_>>) {
        DeliveryHarness::together(self, jobs);
    }
}

struct SiteOf<'h, H: DeliveryHarness> {
    harness: &'h H,
    site: H::Site,
}

impl<H: DeliveryHarness> AnySite for SiteOf<'_, H> {
    fn send(&self, dispatches: &[Dispatch]) -> Vec<SendResult> {
        let delivery = self.harness.open(&self.site);
        dispatches.iter().map(|dispatch| delivery.send(dispatch)).collect()
    }
    fn sent(&self) -> Vec<MessageId> {
        self.harness.sent(&self.site)
    }
}

impl<'h> Bench<'h> {
    pub(super) fn of(harness: &'h impl DeliveryHarness) -> Self {
        Self(harness)
    }

    pub(super) fn provider(&self, behaves: Provider) -> Result<Box<dyn AnySite + 'h>, Trouble> {
        self.0.provider(behaves).ok_or(Trouble::Missing(behaves))
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.0.now()
    }

    pub(super) fn lease(&self) -> TimeDelta {
        self.0.lease()
    }

    pub(super) fn together(&self, jobs: Vec<Job<'_>>) {
        self.0.together(jobs);
    }
}

impl fmt::Debug for Bench<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bench")
    }
}
