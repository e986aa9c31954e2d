//! A small contact centre over the store under test: real commands where changes made by hand would not say enough.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::TimeDelta;

use super::finding::Finding;
use super::made::{beginning, command};
use crate::command::SignIn;
use crate::desk::{Audit, Desk};
use crate::directory::setup::{
    AgentSetup, EntryPointSetup, IdleReasonSetup, OrganizationSetup, ProfileSetup, QueueSetup, Setup, SiteSetup,
    TeamSetup, TimingsSetup, WrapUpReasonSetup,
};
use crate::directory::{
    BlendingMode, ClassLimit, ConsentScope, ConsentSetup, Directory, InboundLimits, Licence, SetupErrors, StateScope,
    TextLimits,
};
use crate::engine::{Command, Terms};
use crate::model::{Channel, ChosenState, CommandId, IdError, PerClass, ShapeOnly};
use crate::port::{BackendError, ErasedStore, Failure, ManualClock, Store};

impl From<IdError> for Finding {
    fn from(error: IdError) -> Self {
        Self::new(format!("the suite is broken: {error}"))
    }
}

impl From<SetupErrors> for Finding {
    fn from(errors: SetupErrors) -> Self {
        Self::new(format!("the suite is broken: {errors}"))
    }
}

/// An organization with two agents, `ana` and `bruno`, who handle five of everything.
pub(super) fn directory() -> Result<Directory, Finding> {
    let name = String::from("test");
    let mut setup = Setup::new(
        1,
        OrganizationSetup {
            consent: ConsentSetup { scope: ConsentScope::Organization, ..ConsentSetup::default() },
            inbound: InboundLimits { max_body_bytes: 4 << 20, ..InboundLimits::default() },
            text_limits: TextLimits { max_email_bytes: 4 << 20, ..TextLimits::default() },
            ..OrganizationSetup::new(
                "acme".try_into()?,
                "queue".try_into()?,
                "declined".try_into()?,
                TimingsSetup::new("resolved".try_into()?),
            )
        },
    );
    let five = ClassLimit::of(5);
    setup.sites.push(SiteSetup { id: "site".try_into()?, name: name.clone(), profile: Some("profile".try_into()?) });
    setup.teams.push(TeamSetup { id: "team".try_into()?, name: name.clone(), site: "site".try_into()?, profile: None });
    for agent in ["ana", "bruno"] {
        setup.agents.push(AgentSetup {
            id: agent.try_into()?,
            name: name.clone(),
            licence: Licence::Premium,
            digital_access: true,
            teams: vec!["team".try_into()?],
            profile: None,
        });
    }
    setup.profiles.push(ProfileSetup {
        id: "profile".try_into()?,
        name: name.clone(),
        blending: BlendingMode::Blended,
        states: StateScope::default(),
        limits: PerClass { voice: ClassLimit::of(1), chat: five, email: five, social: five },
    });
    for (id, channel, sender) in [("sms", Channel::Sms, "+351300400500"), ("mail", Channel::Email, "care@acme.example")]
    {
        let (id, queue) = (id.try_into()?, "queue".try_into()?);
        let (name, sender) = (name.clone(), sender.to_owned());
        setup.entry_points.push(EntryPointSetup { id, name, channel, sender, queue, enabled: true });
    }
    setup.queues.push(QueueSetup {
        id: "queue".try_into()?,
        name: name.clone(),
        channels: vec![Channel::Sms, Channel::Email],
        teams: vec!["team".try_into()?],
        offer_seconds: None,
    });
    setup.wrap_up_reasons.push(WrapUpReasonSetup { id: "resolved".try_into()?, name: name.clone() });
    setup.idle_reasons.push(IdleReasonSetup { id: "declined".try_into()?, name });
    Ok(Directory::new(setup)?)
}

/// A contact centre at work.
pub(super) struct Floor {
    pub(super) desk: Desk<ErasedStore, Arc<ManualClock>>,
    clock: Arc<ManualClock>,
    terms: Terms,
    numbers: AtomicU64,
}

impl Floor {
    /// Nobody is signed in.
    pub(super) fn over(store: ErasedStore) -> Result<Self, Finding> {
        let terms = Terms::new(directory()?, ShapeOnly);
        let clock = Arc::new(ManualClock::at(beginning()));
        let desk = Desk::new(store, terms.clone(), Arc::clone(&clock)).with_audit(Audit::Refusals);
        Ok(Self { desk, clock, terms, numbers: AtomicU64::new(1) })
    }

    /// Ana and Bruno are signed in.
    pub(super) fn staffed(store: ErasedStore) -> Result<Self, Finding> {
        let floor = Self::over(store)?;
        floor.sign_in()?;
        Ok(floor)
    }

    /// Signs Ana and Bruno in.
    pub(super) fn sign_in(&self) -> Result<(), Finding> {
        for agent in ["ana", "bruno"] {
            let sign_in = SignIn { agent: agent.try_into()?, team: "team".try_into()?, state: ChosenState::Available };
            self.run(&sign_in)?;
        }
        Ok(())
    }

    /// The same floor with refusals written down or not.
    pub(super) fn with_audit(self, audit: Audit) -> Self {
        Self { desk: self.desk.with_audit(audit), ..self }
    }

    /// A desk of the same contact centre over another store: patient enough for a crowd.
    pub(super) fn desk_over<S: Store>(&self, store: S) -> Desk<S, Arc<ManualClock>> {
        Desk::new(store, self.terms.clone(), Arc::clone(&self.clock)).with_attempts(1000)
    }

    pub(super) fn store(&self) -> &ErasedStore {
        self.desk.store()
    }

    /// A new command id.
    pub(super) fn id(&self) -> CommandId {
        command(self.numbers.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn run<C: Command>(&self, command: &C) -> Result<C::Output, Failure<BackendError>> {
        self.desk.run(self.id(), command)
    }

    pub(super) fn advance(&self, seconds: i64) {
        self.clock.advance(TimeDelta::seconds(seconds));
    }
}
