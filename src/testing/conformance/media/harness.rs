//! What a host gives the suite for images: a gallery that behaves as told, and what is found under a URL.

use std::fmt;

use chrono::{DateTime, TimeDelta, Utc};

use super::Trouble;
use crate::model::HostedImage;
use crate::port::MediaHost;
use crate::testing::conformance::Job;

/// How the gallery behind a media host behaves: where the images really are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Gallery {
    /// It keeps every image.
    Keeps,
    /// It keeps the first image that comes, and its answer is lost; from then on it keeps every image and answers.
    LosesItsFirstAnswer,
    /// It cannot be reached for the first asking; from then on it keeps every image.
    IsDownAtFirst,
    /// It takes the connection and never answers.
    Hangs,
    /// It keeps every image, and [`MediaHarness::set_clock`] sets the clock that it goes by.
    HasAClock,
}

impl Gallery {
    /// Every way to behave.
    pub const ALL: [Self; 5] =
        [Self::Keeps, Self::LosesItsFirstAnswer, Self::IsDownAtFirst, Self::Hangs, Self::HasAClock];

    /// What is missing where a harness has no such gallery, in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keeps => "a gallery that keeps images",
            Self::LosesItsFirstAnswer => "a gallery whose first answer is lost",
            Self::IsDownAtFirst => "a gallery that is down at first",
            Self::Hangs => "a gallery that hangs",
            Self::HasAClock => "a gallery whose clock can be set",
        }
    }
}

/// What somebody finds who opens a URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The media type, as it is answered with the image.
    pub media_type: String,
    /// The image.
    pub bytes: Vec<u8>,
}

/// How the suite comes by the media hosts of a host.
///
/// A *site* is a media host with the gallery behind it: a folder, a bucket, a test double.
pub trait MediaHarness: Sync {
    /// The media host; an asynchronous one is wrapped in a closure that runs it to its end.
    type Media: MediaHost;
    /// A gallery, and what a media host needs to know of it.
    type Site: Sync;

    /// A new gallery that behaves so and has no image; none where the host has no such gallery.
    fn gallery(&self, behaves: Gallery) -> Option<Self::Site>;

    /// A media host over a gallery, as a process has it that was just started: nothing that is only in memory is known to it.
    fn open(&self, site: &Self::Site) -> Self::Media;

    /// What a stranger finds under a URL, who knows nothing but that URL: the recipient of the message.
    fn found(&self, site: &Self::Site, url: &str) -> Option<Found>;

    /// What the URLs of images begin with, as the host's set-up says (`media_base_url`).
    fn base_url(&self) -> String;

    /// The time by the clock that the media host goes by.
    fn now(&self) -> DateTime<Utc>;

    /// How long a message is claimed for, as the host's set-up says.
    fn lease(&self) -> TimeDelta;

    /// Runs all jobs, at the same time if it can, and returns when all of them ended; as
    /// [`StoreHarness::together`](crate::testing::conformance::StoreHarness::together).
    fn together(&self, jobs: Vec<Job<'_>>);

    /// Tells a person that a check was skipped, and why.
    fn skipped(&self, what: &str);

    /// From now on it is this late at a gallery, which drops what it drops by then. Asked for only of a
    /// [`Gallery::HasAClock`].
    fn set_clock(&self, site: &Self::Site, now: DateTime<Utc>) {
        let _ = (site, now);
    }
}

/// A harness as the checks see it.
#[derive(Clone, Copy)]
pub(super) struct Bench<'h>(&'h dyn AnyHarness);

trait AnyHarness: Sync {
    fn gallery(&self, behaves: Gallery) -> Option<Box<dyn AnySite + '_>>;
    fn base_url(&self) -> String;
    fn now(&self) -> DateTime<Utc>;
    fn lease(&self) -> TimeDelta;
    fn together(&self, jobs: Vec<Job<'_>>);
}

/// A gallery, and how to give it images through a media host that was just started.
pub(super) trait AnySite: Sync {
    /// Gives it each in turn through one media host.
    fn host(&self, images: &[HostedImage]) -> Vec<Result<(), String>>;
    /// What is found under a URL.
    fn found(&self, url: &str) -> Option<Found>;
    /// It is this late.
    fn set_clock(&self, now: DateTime<Utc>);
}

impl<H: MediaHarness> AnyHarness for H {
    fn gallery(&self, behaves: Gallery) -> Option<Box<dyn AnySite + '_>> {
        let site = MediaHarness::gallery(self, behaves)?;
        Some(Box::new(SiteOf { harness: self, site }))
    }
    fn base_url(&self) -> String {
        MediaHarness::base_url(self)
    }
    fn now(&self) -> DateTime<Utc> {
        MediaHarness::now(self)
    }
    fn lease(&self) -> TimeDelta {
        MediaHarness::lease(self)
    }
    fn together(&self, jobs: Vec<Job<'_>>) {
        MediaHarness::together(self, jobs);
    }
}

struct SiteOf<'h, H: MediaHarness> {
    harness: &'h H,
    site: H::Site,
}

impl<H: MediaHarness> AnySite for SiteOf<'_, H> {
    fn host(&self, images: &[HostedImage]) -> Vec<Result<(), String>> {
        let media = self.harness.open(&self.site);
        images.iter().map(|image| media.host(image)).collect()
    }
    fn found(&self, url: &str) -> Option<Found> {
        self.harness.found(&self.site, url)
    }
    fn set_clock(&self, now: DateTime<Utc>) {
        self.harness.set_clock(&self.site, now);
    }
}

impl<'h> Bench<'h> {
    pub(super) fn of(harness: &'h impl MediaHarness) -> Self {
        Self(harness)
    }

    pub(super) fn gallery(&self, behaves: Gallery) -> Result<Box<dyn AnySite + 'h>, Trouble> {
        self.0.gallery(behaves).ok_or(Trouble::Missing(behaves))
    }

    pub(super) fn base_url(&self) -> String {
        self.0.base_url()
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
