//! What is set up: the organization's reference data as one validated, immutable snapshot.
//!
//! The host parses a [`Setup`] from its administration, [`Directory::new`] checks all of it, and the host swaps the new directory in
//! for the old. It is no state: a decision reads it without a load and without a guard, and each event names its version.
//!
//! # What a new directory does to what is under way
//!
//! Nothing by itself: records stay as they are, and every decision from then on is made under the new directory.
//!
//! - **An agent who is gone** can send nothing more. [`SignOut`](crate::command::SignOut) with `requeue` takes everything from them, and
//!   [`Rehome`](crate::command::Rehome) a single task; a transfer to them is taken back when they answer, or lapses.
//! - **An agent who left the team** that they are signed in to goes on with its profile, and may start conversations and be asked by
//!   colleagues; its queues offer them nothing more. Signing out and in again makes an end of it. Where the team itself is gone, so is
//!   the profile that came from it or from its site.
//! - **A queue that is gone**, or takes the channel no longer, gets nothing more: what comes back goes to the entry point's queue, and
//!   `Rehome` moves what waits in it.
//! - **An entry point that is gone** takes no message more, from an agent or a customer; what was sent before still leaves, under the
//!   sender that it was written for. Its conversations can be closed and handed over, and their tasks go to the organization's
//!   fallback queue. A disabled one starts nothing, and goes on with what is open.
//! - **Limits that are lowered** take nothing away; nothing new is taken until there is room.
//! - **Reasons and templates that are gone** are refused; the default wrap-up reason is the new directory's.
//!
//! [`Orphans`](crate::query::Orphans) finds what is left without a holder, and says what mends it.

mod agent;
mod check;
mod consent;
mod content;
mod entry_point;
mod groups;
mod hours;
mod organization;
mod problem;
mod profile;
mod queue;
mod reason;
pub mod search;
pub mod setup;
mod table;
mod team;
mod threading;
mod workflow;

use serde::{Deserialize, Serialize, Serializer};

pub use self::agent::{Agent, Licence};
pub use self::consent::{AddedKeyword, ConsentRules, ConsentScope, ConsentSetup, KeywordSetup};
pub use self::content::{AttachmentRules, HtmlRemoval, InboundLimits, TextLimits};
pub use self::entry_point::EntryPoint;
pub use self::hours::{CapsSetup, HoursSetup, QuietMode};
pub use self::organization::{ConflictScope, DeliveryTimings, Organization, SubjectReuse, Timings, WrapUpTimings};
pub use self::problem::{Problem, SetupErrors, SetupProblem};
pub use self::profile::{BlendingMode, ClassLimit, Profile, ProfileLevel, Resolved, StateScope};
pub use self::queue::Queue;
pub use self::reason::{IdleReason, WrapUpReason};
pub use self::setup::Setup;
pub use self::team::{Site, Team};
pub use self::threading::{Strangers, ThreadingPolicy};
pub use self::workflow::{Workflow, WorkflowTrigger};

use self::groups::Groups;
use self::search::Wanted;
use self::table::Table;
use crate::model::{
    AgentId, Channel, EntryPointId, IdleReasonId, QueueId, TeamId, Template, TemplateId, WorkflowId, WrapUpReasonId,
};

/// The organization's reference data, checked and with every reference resolved; it never changes.
///
/// Its serde form is the [`Setup`] that it was made of.
///
/// ```
/// use outbound::directory::Directory;
///
/// let directory: Directory = serde_json::from_str(r#"{
///     "version": 1,
///     "organization": {
///         "id": "acme", "name": "Acme", "digital_channels": true, "pci": false,
///         "fallback_queue": "help", "declined_idle_reason": "declined",
///         "timings": { "wrap_up": { "default_reason": "other" } }
///     },
///     "queues": [{ "id": "help", "name": "Help", "channels": ["sms", "email"], "teams": [] }],
///     "wrap_up_reasons": [{ "id": "other", "name": "Other" }],
///     "idle_reasons": [{ "id": "declined", "name": "Declined a transfer" }]
/// }"#)?;
/// assert_eq!(directory.organization().fallback_queue().name(), "Help");
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Deserialize)]
#[serde(try_from = "Setup")]
pub struct Directory {
    setup: Setup,
    organization: Organization,
    teams: Table<Team>,
    agents: Table<Agent>,
    entry_points: Table<EntryPoint>,
    queues: Table<Queue>,
    templates: Table<Template>,
    wrap_up_reasons: Table<WrapUpReason>,
    idle_reasons: Table<IdleReason>,
    workflows: Table<Workflow>,
    /// For each place in `teams`, the places in `agents` of those who may sign in to it, in order.
    members: Vec<Vec<usize>>,
    /// For each channel, the places in `entry_points` of its own, in order.
    on_channel: [Vec<usize>; Channel::ALL.len()],
    /// Where to look among `agents`, and among `queues`, for who is searched for.
    agent_groups: Groups,
    queue_groups: Groups,
}

impl Directory {
    /// Checks a set-up and resolves its references.
    ///
    /// # Errors
    /// [`SetupErrors`] holds every problem, in the order of the document.
    pub fn new(setup: Setup) -> Result<Self, SetupErrors> {
        check::check(setup)
    }

    /// The set-up that it was made of.
    #[must_use]
    pub fn setup(&self) -> &Setup {
        &self.setup
    }

    /// The version, named by each event that was decided under it.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.setup.version
    }

    /// The organization.
    #[must_use]
    pub fn organization(&self) -> &Organization {
        &self.organization
    }

    /// An agent.
    #[must_use]
    pub fn agent(&self, id: &AgentId) -> Option<&Agent> {
        self.agents.get(id)
    }

    /// A team.
    #[must_use]
    pub fn team(&self, id: &TeamId) -> Option<&Team> {
        self.teams.get(id)
    }

    /// An entry point.
    #[must_use]
    pub fn entry_point(&self, id: &EntryPointId) -> Option<&EntryPoint> {
        self.entry_points.get(id)
    }

    /// A queue.
    #[must_use]
    pub fn queue(&self, id: &QueueId) -> Option<&Queue> {
        self.queues.get(id)
    }

    /// A template (R25).
    #[must_use]
    pub fn template(&self, id: &TemplateId) -> Option<&Template> {
        self.templates.get(id)
    }

    /// A reason given at wrap-up (R50).
    #[must_use]
    pub fn wrap_up_reason(&self, id: &WrapUpReasonId) -> Option<&WrapUpReason> {
        self.wrap_up_reasons.get(id)
    }

    /// A reason for being idle (R6).
    #[must_use]
    pub fn idle_reason(&self, id: &IdleReasonId) -> Option<&IdleReason> {
        self.idle_reasons.get(id)
    }

    /// A workflow (R35).
    #[must_use]
    pub fn workflow(&self, id: &WorkflowId) -> Option<&Workflow> {
        self.workflows.get(id)
    }

    /// The agents, in id order.
    pub fn agents(&self) -> impl ExactSizeIterator<Item = &Agent> + DoubleEndedIterator + '_ {
        self.agents.iter()
    }

    /// The agents who are searched for, in id order (R46): those behind one, or all of them.
    ///
    /// However many agents there are, it looks at those that are taken of it and at those who have the rarest letters that are
    /// searched for, three in a row, and not all of the rest.
    pub fn agents_wanted<'a>(
        &'a self,
        wanted: &'a Wanted,
        after: Option<&AgentId>,
    ) -> impl Iterator<Item = &'a Agent> + use<'a> {
        let from = after.map_or(0, |after| self.agents.first(|agent| agent.id() <= after));
        let places = self.agent_groups.places(wanted, from);
        places.filter_map(|place| self.agents.at(place)).filter(|agent| agent.is_wanted(wanted))
    }

    /// The teams, in id order.
    pub fn teams(&self) -> impl ExactSizeIterator<Item = &Team> + DoubleEndedIterator + '_ {
        self.teams.iter()
    }

    /// The entry points, disabled ones too, in id order.
    pub fn entry_points(&self) -> impl ExactSizeIterator<Item = &EntryPoint> + DoubleEndedIterator + '_ {
        self.entry_points.iter()
    }

    /// The queues, in id order.
    pub fn queues(&self) -> impl ExactSizeIterator<Item = &Queue> + DoubleEndedIterator + '_ {
        self.queues.iter()
    }

    /// The queues that are searched for, in id order (R46): those behind one, or all of them; it costs as
    /// [`Directory::agents_wanted`] does.
    pub fn queues_wanted<'a>(
        &'a self,
        wanted: &'a Wanted,
        after: Option<&QueueId>,
    ) -> impl Iterator<Item = &'a Queue> + use<'a> {
        let from = after.map_or(0, |after| self.queues.first(|queue| queue.id() <= after));
        let places = self.queue_groups.places(wanted, from);
        places.filter_map(|place| self.queues.at(place)).filter(|queue| queue.is_wanted(wanted))
    }

    /// The templates, in id order.
    pub fn templates(&self) -> impl ExactSizeIterator<Item = &Template> + DoubleEndedIterator + '_ {
        self.templates.iter()
    }

    /// The reasons given at wrap-up, in id order.
    pub fn wrap_up_reasons(&self) -> impl ExactSizeIterator<Item = &WrapUpReason> + DoubleEndedIterator + '_ {
        self.wrap_up_reasons.iter()
    }

    /// The reasons for being idle, in id order.
    pub fn idle_reasons(&self) -> impl ExactSizeIterator<Item = &IdleReason> + DoubleEndedIterator + '_ {
        self.idle_reasons.iter()
    }

    /// The workflows, in id order.
    pub fn workflows(&self) -> impl ExactSizeIterator<Item = &Workflow> + DoubleEndedIterator + '_ {
        self.workflows.iter()
    }

    /// A channel's entry points, disabled ones too, in id order (R16); none means that nothing can be started on it (R17).
    pub fn entry_points_on(&self, channel: Channel) -> impl DoubleEndedIterator<Item = &EntryPoint> + '_ {
        let places = self.on_channel.get(channel as usize).map(Vec::as_slice).unwrap_or_default();
        places.iter().filter_map(|place| self.entry_points.at(*place))
    }

    /// Where Message-IDs and reply addresses of our own hold: one entry point of this organization (B7). A desk makes them in this
    /// scope, and a host that reads one itself by [`ThreadingKeys`](crate::mail::ThreadingKeys) gives it this one.
    #[must_use]
    pub fn threading_scope(&self, entry_point: &EntryPointId) -> Vec<u8> {
        let organization = self.organization.id().as_str().as_bytes();
        let length = (organization.len() as u64).to_be_bytes();
        [length.as_slice(), organization, entry_point.as_str().as_bytes()].concat()
    }

    /// The profile that an agent works with (R5): the agent's own, else that of the team signed in to, else that of its site.
    #[must_use]
    pub fn profile_for<'a>(&'a self, agent: &'a Agent, signed_in_to: Option<&TeamId>) -> Option<Resolved<'a>> {
        let team = || signed_in_to.and_then(|id| self.team(id));
        let own = agent.own_profile().map(|profile| (profile, ProfileLevel::Agent));
        let of_team = || team()?.profile().map(|profile| (profile, ProfileLevel::Team));
        let of_site = || team()?.site().profile().map(|profile| (profile, ProfileLevel::Site));
        own.or_else(of_team).or_else(of_site).map(|(profile, level)| Resolved { profile, level })
    }

    /// The agents who may sign in to one of a queue's teams, in id order, each once.
    pub fn agents_of<'a>(&'a self, queue: &Queue) -> impl Iterator<Item = &'a Agent> + use<'a> {
        let mut places: Vec<usize> = queue.teams().flat_map(|team| self.members_of(team).iter().copied()).collect();
        places.sort_unstable();
        places.dedup();
        places.into_iter().filter_map(|place| self.agents.at(place))
    }

    /// The agents of a queue team by team, all around from somewhere: it costs what is taken of it, however many there are. Who is
    /// in several of the teams comes with each of them.
    pub(crate) fn agents_around<'a>(&'a self, queue: &'a Queue, from: u64) -> impl Iterator<Item = &'a Agent> {
        let teams = || queue.teams().map(|team| self.members_of(team));
        let many = teams().map(<[usize]>::len).sum::<usize>();
        let from = usize::try_from(from % (many as u64).max(1)).unwrap_or(0);
        let places = teams().flatten().skip(from).chain(teams().flatten().take(from));
        places.filter_map(|place| self.agents.at(*place))
    }

    /// The places of those who may sign in to a team.
    fn members_of(&self, team: &Team) -> &[usize] {
        let place = self.teams.place(team.id());
        place.and_then(|place| self.members.get(place)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The queue that takes what arrives at an entry point: the fallback queue where the entry point is no longer there.
    #[must_use]
    pub fn queue_for(&self, entry_point: &EntryPointId) -> &Queue {
        self.entry_point(entry_point).map_or(self.organization.fallback_queue(), EntryPoint::queue)
    }
}

impl PartialEq for Directory {
    fn eq(&self, other: &Self) -> bool {
        self.setup == other.setup
    }
}

impl Eq for Directory {}

impl TryFrom<Setup> for Directory {
    type Error = SetupErrors;
    fn try_from(setup: Setup) -> Result<Self, SetupErrors> {
        Self::new(setup)
    }
}

impl From<Directory> for Setup {
    fn from(directory: Directory) -> Self {
        directory.setup
    }
}

impl Serialize for Directory {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.setup.serialize(to)
    }
}
