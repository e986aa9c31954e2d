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
pub struct Terms(Arc<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    directory: Arc<Directory>,
    numbers: Arc<dyn NumberPlan>,
    zones: Arc<dyn Zones>,
    number_zones: Arc<NumberZones>,
    rules: Vec<Arc<dyn HostRule>>,
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
        Self(Arc::new(Parts {
            directory: directory.into(),
            numbers: Arc::new(numbers),
            zones: Arc::new(zones),
            number_zones: Arc::default(),
            rules: Vec::new(),
            html: None,
            threading: None,
        }))
    }

    fn with(mut self, change: impl FnOnce(&mut Parts)) -> Self {
        change(Arc::make_mut(&mut self.0));
        self
    }

    /// The same terms with another table of time zones (B6).
    #[must_use]
    pub fn with_zones(self, zones: impl Zones + 'static) -> Self {
        self.with(|parts| parts.zones = Arc::new(zones))
    }

    /// The same terms with one more rule of the host's (B17); rules are asked in the order in which they are added.
    #[must_use]
    pub fn with_rule(self, rule: impl HostRule + 'static) -> Self {
        self.with(|parts| parts.rules.push(Arc::new(rule)))
    }

    /// The same terms with a cleaner of HTML, both for what is sent and for what comes in (R25).
    ///
    /// Without one, HTML passes as it is: then the host has to see to it that what comes in does no harm where it is shown.
    #[must_use]
    pub fn with_html(self, cleaner: impl HtmlCleaner + 'static) -> Self {
        self.with(|parts| parts.html = Some(Arc::new(cleaner)))
    }

    /// The same terms with the keys of our own Message-IDs and reply addresses (B7).
    ///
    /// Without them no e-mail gets an id of ours, and none is believed.
    #[must_use]
    pub fn with_threading_keys(self, keys: ThreadingKeys) -> Self {
        self.with(|parts| parts.threading = Some(Arc::new(keys)))
    }

    /// The same terms under another directory.
    #[must_use]
    pub fn with_directory(self, directory: impl Into<Arc<Directory>>) -> Self {
        self.with(|parts| parts.directory = directory.into())
    }

    /// The directory.
    #[must_use]
    pub fn directory(&self) -> &Directory {
        &self.0.directory
    }

    /// The number plan.
    #[must_use]
    pub fn numbers(&self) -> &dyn NumberPlan {
        &*self.0.numbers
    }

    /// The cleaner of HTML, where there is one.
    #[must_use]
    pub fn html(&self) -> Option<&dyn HtmlCleaner> {
        self.0.html.as_deref()
    }

    /// The keys of our own Message-IDs and reply addresses, where there are any.
    #[must_use]
    pub fn threading_keys(&self) -> Option<&ThreadingKeys> {
        self.0.threading.as_deref()
    }

    /// The table of time zones.
    #[must_use]
    pub fn zones(&self) -> &dyn Zones {
        &*self.0.zones
    }

    pub(crate) fn clocks(&self) -> Clocks<'_> {
        Clocks { zones: &*self.0.zones, numbers: &self.0.number_zones }
    }

    /// The host's own rules.
    #[must_use]
    pub fn rules(&self) -> &[Arc<dyn HostRule>] {
        &self.0.rules
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
    /// The circumstances of a decision that a host makes itself.
    #[must_use]
    pub fn new(terms: &'a Terms, now: DateTime<Utc>, command: CommandId) -> Self {
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
