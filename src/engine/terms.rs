//! What decisions are made under.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::once::{Once, Told};
use crate::directory::Directory;
#[cfg(not(feature = "chrono-tz"))]
use crate::hours::FixedZones;
#[cfg(feature = "chrono-tz")]
use crate::hours::IanaZones;
use crate::hours::{NumberZones, Zones};
use crate::mail::ThreadingKeys;
use crate::mail::html::HtmlCleaner;
use crate::model::{CommandId, NumberPlan};
use crate::policy::HostRule;
use crate::policy::rules::Clocks;

/// What decisions are made under: the directory, the number plan, the table of time zones and the host's own rules (B17). Cheap
/// to clone.
#[derive(Debug, Clone)]
pub struct Terms {
    directory: Arc<Directory>,
    numbers: Arc<dyn NumberPlan>,
    zones: Arc<dyn Zones>,
    number_zones: Arc<NumberZones>,
    rules: Arc<[Arc<dyn HostRule>]>,
    html: Option<Arc<dyn HtmlCleaner>>,
    threading: Option<Arc<ThreadingKeys>>,
}

impl Terms {
    /// Terms without rules of the host's own. Time zones are those of the feature `chrono-tz`; without it, only `UTC` and fixed
    /// offsets are known, and every other zone counts as every zone of the world.
    pub fn new(directory: impl Into<Arc<Directory>>, numbers: impl NumberPlan + 'static) -> Self {
        #[cfg(feature = "chrono-tz")]
        let zones = IanaZones;
        #[cfg(not(feature = "chrono-tz"))]
        let zones = FixedZones;
        Self {
            directory: directory.into(),
            numbers: Arc::new(numbers),
            zones: Arc::new(zones),
            number_zones: Arc::default(),
            rules: Arc::new([]),
            html: None,
            threading: None,
        }
    }

    /// The same terms with another table of time zones (B6).
    #[must_use]
    pub fn with_zones(mut self, zones: impl Zones + 'static) -> Self {
        self.zones = Arc::new(zones);
        self
    }

    /// The same terms with one more rule of the host's (B17); rules are asked in the order in which they are added.
    #[must_use]
    pub fn with_rule(mut self, rule: impl HostRule + 'static) -> Self {
        self.rules = self.rules.iter().cloned().chain([Arc::new(rule) as Arc<dyn HostRule>]).collect();
        self
    }

    /// The same terms with a cleaner of HTML, both for what is sent and for what comes in (R25).
    ///
    /// Without one, HTML passes as it is: then the host has to see to it that what comes in does no harm where it is shown.
    #[must_use]
    pub fn with_html(mut self, cleaner: impl HtmlCleaner + 'static) -> Self {
        self.html = Some(Arc::new(cleaner));
        self
    }

    /// The same terms with the keys of our own Message-IDs and reply addresses (B7).
    ///
    /// Without them no e-mail gets an id of ours, and none is believed.
    #[must_use]
    pub fn with_threading_keys(mut self, keys: ThreadingKeys) -> Self {
        self.threading = Some(Arc::new(keys));
        self
    }

    /// The same terms under another directory.
    #[must_use]
    pub fn with_directory(mut self, directory: impl Into<Arc<Directory>>) -> Self {
        self.directory = directory.into();
        self
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.directory
    }

    /// The number plan.
    #[must_use]
    pub fn numbers(&self) -> &dyn NumberPlan {
        &*self.numbers
    }

    /// The cleaner of HTML, where there is one.
    #[must_use]
    pub fn html(&self) -> Option<&dyn HtmlCleaner> {
        self.html.as_deref()
    }

    /// The keys of our own Message-IDs and reply addresses, where there are any.
    #[must_use]
    pub fn threading_keys(&self) -> Option<&ThreadingKeys> {
        self.threading.as_deref()
    }

    /// The table of time zones.
    #[must_use]
    pub fn zones(&self) -> &dyn Zones {
        &*self.zones
    }

    pub(crate) fn clocks(&self) -> Clocks<'_> {
        Clocks { zones: &*self.zones, numbers: &self.number_zones }
    }

    /// The host's own rules.
    #[must_use]
    pub fn rules(&self) -> &[Arc<dyn HostRule>] {
        &self.rules
    }
}

/// The circumstances of one decision: its terms, its time and its command's id.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// What it is made under.
    pub terms: &'a Terms,
    /// The time, as the host's clock says.
    pub now: DateTime<Utc>,
    /// The command's id, from which all new ids derive.
    pub command: CommandId,
    pub(super) numbers: Option<&'a Once<'a>>,
    pub(super) told: Option<&'a Told>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(terms: &'a Terms, now: DateTime<Utc>, command: CommandId) -> Self {
        Self { terms, now, command, numbers: None, told: None }
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &'a Directory {
        self.terms.directory()
    }

    /// The number plan, which reads a text once however often it is asked.
    #[must_use]
    pub fn numbers(&self) -> &'a dyn NumberPlan {
        match self.numbers {
            Some(numbers) => numbers,
            None => self.terms.numbers(),
        }
    }

    /// What a command tells by itself, whatever is on record: a run finds it out once, however often it is asked for.
    pub(crate) fn once<T: Send + Sync + 'static>(&self, find: impl Fn() -> T) -> Arc<T> {
        match self.told {
            Some(told) => told.or_find(find),
            None => Arc::new(find()),
        }
    }
}
