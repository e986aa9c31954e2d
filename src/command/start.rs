//! Starting a conversation with a customer: the main job (R1–R22, B4).

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::moves::{after, take_slot};
use super::resolve::{Resolution, resolve};
use super::wishes::{wishes_of, wishes_seen};
use crate::directory::EntryPoint;
use crate::engine::{Command, Context, Draft, Fault, Misuse, Remember, Stop, View, sealed, traces, unused};
use crate::model::{
    Address, AgentId, Channel, Contact, ContactEvent, Conversation, ConversationEvent, ConversationId, CustomerId,
    EntryPointId, HandoverRequest, Key, Occupant, Offer, OfferEnd, OfferId, Opening, Origin, Presence, PresenceEvent,
    Recipient, TaskId, TaskState,
};
use crate::policy::rules::Standing;
use crate::policy::{Ask, Checks, rules};
use crate::record::{Actor, Started, StartedHow};

/// An agent starts a conversation with a customer (R1).
///
/// Refused with `agent.unknown`, `licence.not_premium`, `licence.no_digital_access`, `organization.not_digital`,
/// `agent.signed_out`, `agent.idle`, `channel.not_outbound`, `profile.absent`, `profile.channel_not_allowed`,
/// `capacity.full`, `capacity.outbound_full`, `entry_point.none_configured`, `entry_point.unknown`,
/// `entry_point.other_channel`, `entry_point.disabled`, `address.no_country_code`, `address.not_a_number`,
/// `address.number_not_valid`, `address.cannot_receive_sms`, `address.not_an_email`, `address.other_channel`,
/// `customer.mismatch`, `consent.opted_out`, `consent.suppressed`, `conversation.exists`, `conversation.held`, `target.wraps_up`, `handover.pending`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartOutbound {
    /// The agent.
    pub agent: AgentId,
    /// The channel (R10).
    pub channel: Channel,
    /// From: an entry point of that channel (R16).
    pub entry_point: EntryPointId,
    /// To: a mobile number with its country code, or an e-mail address (R14, R15).
    pub to: Recipient,
    /// The customer, where the host knows who it is.
    #[serde(default)]
    pub customer: Option<CustomerId>,
    /// What to do about a conversation that is not closed (B4).
    #[serde(default)]
    pub on_conflict: OnConflict,
}

/// What to do about a conversation with the customer that is not closed (B4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnConflict {
    /// Refuse, naming it.
    #[default]
    Refuse,
    /// Take it over, where a queue or a parking place holds it.
    TakeOver,
    /// Ask the agent who holds it to hand it over.
    AskHolder,
}

/// Everything that the rules found to be in order.
struct Ready<'a> {
    presence: &'a Arc<Presence>,
    entry_point: &'a EntryPoint,
    address: Address,
    found: Resolution<'a>,
}

impl sealed::Sealed for StartOutbound {}

impl Command for StartOutbound {
    type Output = Started;
    const NAME: &'static str = "start_outbound";

    fn actor(&self) -> Actor {
        Actor::Agent(self.agent.clone())
    }

    fn reads(&self, cx: &Context<'_>) -> Vec<Key> {
        let contact = self.to.resolve(self.channel, cx.numbers()).ok().map(|address| Key::contact(&address));
        let mut keys = Vec::with_capacity(8);
        keys.push(Key::presence(&self.agent));
        keys.extend(traces(cx.command));
        keys.extend(contact);
        keys
    }

    fn remember(&self) -> Remember {
        match self.on_conflict {
            OnConflict::Refuse => Remember::State,
            OnConflict::TakeOver | OnConflict::AskHolder => Remember::Receipt,
        }
    }

    fn decide(&self, cx: &Context<'_>, view: &View, draft: &mut Draft) -> Result<Started, Stop> {
        if self.remember() == Remember::State {
            if let Some(opened) = view.conversation(ConversationId::of(cx.command))? {
                return self.first_outcome(cx, opened);
            }
            unused(view, cx.command)?;
        }
        let ready = self.rules(cx, view, &mut draft.checks)?;
        wishes_of(cx, view, draft, self.customer_of(&ready.found))?;
        match (ready.found.open, self.on_conflict) {
            (Some(open), OnConflict::TakeOver) => Ok(take_over(cx, draft, &ready, open)),
            (Some(open), OnConflict::AskHolder) => Ok(self.ask_holder(cx, draft, open)),
            (Some(_), OnConflict::Refuse) | (None, _) => Ok(self.open(cx, draft, &ready)),
        }
    }
}

impl StartOutbound {
    /// A start that is refused where a conversation with the customer is not closed (R11).
    #[must_use]
    pub fn new(agent: AgentId, channel: Channel, entry_point: EntryPointId, to: impl Into<Recipient>) -> Self {
        let (to, on_conflict) = (to.into(), OnConflict::Refuse);
        Self { agent, channel, entry_point, to, customer: None, on_conflict }
    }

    /// The same start, with a customer whom the host knows.
    #[must_use]
    pub fn with_customer(mut self, customer: CustomerId) -> Self {
        self.customer = Some(customer);
        self
    }

    /// The same start, with another answer to a conversation that is not closed (B4).
    #[must_use]
    pub const fn on_conflict(mut self, on_conflict: OnConflict) -> Self {
        self.on_conflict = on_conflict;
        self
    }

    /// Whether the rules allow this start, by what a host has loaded itself: for asking often, where nothing is to be done.
    ///
    /// [`Explain`](crate::engine::Explain) loads what it needs, and tells the checks that hold as well.
    ///
    /// ```
    /// use outbound::command::StartOutbound;
    /// use outbound::engine::{Context, Loaded, Stop, Terms, View};
    /// use outbound::model::CommandId;
    /// use outbound::refusal::Refusals;
    ///
    /// /// What a button shows: nothing, or why it is grey.
    /// fn why_not(start: &StartOutbound, terms: &Terms, id: CommandId, held: Loaded) -> Result<Option<Refusals>, Stop> {
    ///     let now = chrono::DateTime::UNIX_EPOCH;
    ///     match start.allowed(&Context::new(terms, now, id), &View::of(held)) {
    ///         Ok(()) => Ok(None),
    ///         Err(Stop::Refused(refusals)) => Ok(Some(*refusals)),
    ///         Err(stop) => Err(stop), // a record that the rules look at is not among those held
    ///     }
    /// }
    /// ```
    ///
    /// # Errors
    /// [`Stop`]: the rules refuse, with every reason that a start would be refused with; or the view lacks a record.
    pub fn allowed(&self, cx: &Context<'_>, view: &View) -> Result<(), Stop> {
        self.rules(cx, view, &mut Checks::default()).map(|_| ())
    }

    /// The rules, in their order; every reason is collected.
    fn rules<'a>(&self, cx: &Context<'a>, view: &'a View, checks: &mut Checks) -> Result<Ready<'a>, Stop> {
        let directory = cx.directory();
        let presence = view.presence(&self.agent)?;

        let agent = rules::known_agent(checks, directory, &self.agent);
        if let Some(agent) = agent {
            rules::may_write_first(checks, directory, agent);
            rules::may_use_channel(checks, directory, agent, presence.map(|presence| &**presence), self.channel);
        } else {
            rules::outbound_channel(checks, self.channel);
        }
        if !self.channel.starts_outbound() {
            return Err(self.refused(checks));
        }

        let entry_point = rules::usable_entry_point(checks, directory, &self.entry_point, self.channel);
        let address = rules::address(checks, &self.to, self.channel, cx.numbers());
        let Some(address) = address else { return Err(self.refused(checks)) };
        let found = resolve(cx, view, &self.entry_point, &address)?;
        rules::same_customer(checks, found.contact.map(|contact| &**contact), self.customer.as_ref());
        let scope = directory.organization().consent().scope();
        rules::may_be_written_to(checks, scope, self.standing(cx, view, &found)?, cx.now);
        self.conflict_rules(cx.now, checks, presence, found.open);

        let (Some(agent), Some(presence), Some(entry_point)) = (agent, presence, entry_point) else {
            return Err(self.refused(checks));
        };
        let customer = self.customer_of(&found);
        let ask = Ask::Start { agent, presence, entry_point, to: &address, customer };
        rules::host_rules(checks, cx.terms.rules(), &ask, cx.now);
        checks.all_hold()?;
        Ok(Ready { presence, entry_point, address, found })
    }

    /// B5: what is on record about writing to the address, and where the set-up keeps wishes there, to the customer.
    fn standing<'v>(&'v self, cx: &Context<'_>, view: &'v View, found: &Resolution<'v>) -> Result<Standing<'v>, Stop> {
        let contact = found.contact.map(|contact| &**contact);
        let customer = wishes_seen(cx, view, self.customer_of(found))?;
        Ok(Standing { entry_point: &self.entry_point, contact, customer: customer.map(|customer| &**customer) })
    }

    /// The customer, where the contact or the host knows who it is.
    fn customer_of<'v>(&'v self, found: &Resolution<'v>) -> Option<&'v CustomerId> {
        found.contact.map(|contact| contact.customer()).or(self.customer.as_ref())
    }

    /// R11, B4: a conversation that is not closed is in the way, or is what is wanted.
    fn conflict_rules(
        &self,
        now: DateTime<Utc>,
        checks: &mut Checks,
        presence: Option<&Arc<Presence>>,
        open: Option<&Arc<Conversation>>,
    ) {
        match (open, self.on_conflict) {
            (Some(open), OnConflict::TakeOver) => {
                rules::can_be_taken_over(checks, open);
                if let Some(presence) = presence {
                    rules::no_wrap_up_owed(checks, presence, open.id());
                }
            }
            (Some(open), OnConflict::AskHolder) => {
                rules::can_be_asked_for(checks, open, &self.agent);
                rules::not_asked_already(checks, open, now);
            }
            (open, _) => rules::no_open_conversation(checks, open.map(|open| &**open)),
        }
    }

    /// The reasons so far; something that the changes stand on is missing, so there is at least one.
    fn refused(&self, checks: &mut Checks) -> Stop {
        match checks.all_hold() {
            Err(refused) => refused.into(),
            Ok(()) => Stop::Fault(Fault::Broken(Key::presence(&self.agent))),
        }
    }

    /// B2: the conversation that this very command opened before.
    fn first_outcome(&self, cx: &Context<'_>, opened: &Conversation) -> Result<Started, Stop> {
        if opened.opening().fingerprint != self.fingerprint() {
            return Err(Misuse::CommandIdReused(cx.command).into());
        }
        Ok(started(opened, StartedHow::Opened))
    }

    /// R18, R19: creates the conversation and its task, offered to the agent and accepted at once.
    fn open(&self, cx: &Context<'_>, draft: &mut Draft, ready: &Ready<'_>) -> Started {
        let contact = ready.found.contact;
        let customer = ready.found.customer(cx, self.customer.as_ref());
        let conversation = ConversationId::of(cx.command);
        let task = TaskId::of(cx.command);
        let opening = Opening {
            id: conversation,
            task,
            channel: self.channel,
            entry_point: ready.entry_point.id().clone(),
            address: ready.address.clone(),
            customer: customer.clone(),
            origin: Origin::Agent(self.agent.clone()),
            previous: ready.found.latest,
            fingerprint: self.fingerprint(),
        };
        begin_offered(cx, draft, &self.agent, opening);
        open_thread(draft, contact, &ready.address, &customer, &self.entry_point, conversation);
        let class = self.channel.class();
        let occupant = Occupant::Task { conversation };
        draft.record(ready.presence, PresenceEvent::SlotTaken { class, outbound: true, occupant });
        Started { conversation, task, customer, how: StartedHow::Opened }
    }

    /// B4: asks the holder to hand the conversation over.
    fn ask_holder(&self, cx: &Context<'_>, draft: &mut Draft, open: &Arc<Conversation>) -> Started {
        let id = OfferId::of(cx.command);
        let expires = after(cx.now, cx.directory().organization().timings().handover());
        if matches!(open.state(), TaskState::Active { asked: Some(_), .. }) {
            draft.record(open, ConversationEvent::HandoverEnded { why: OfferEnd::TimedOut });
        }
        let request = HandoverRequest { id, by: self.agent.clone(), expires };
        draft.record(open, ConversationEvent::HandoverAsked { request });
        started(open, StartedHow::HandoverAsked(id))
    }
}

fn started(conversation: &Conversation, how: StartedHow) -> Started {
    Started {
        conversation: conversation.id(),
        task: conversation.task().id,
        customer: conversation.customer().clone(),
        how,
    }
}

/// R18, R19: opened, offered to its initiator, accepted, in one commit.
fn begin_offered(cx: &Context<'_>, draft: &mut Draft, agent: &AgentId, opening: Opening) {
    let key = Key::conversation(opening.id);
    let offer = Offer { id: OfferId::of(cx.command), to: agent.clone(), expires: cx.now };
    let task = TaskState::Offered { queue: None, since: cx.now, offer: offer.clone() };
    draft.begin::<Conversation>(key, ConversationEvent::Opened { opening: Arc::new(opening), task });
    draft.then::<Conversation>(key, ConversationEvent::Offered { queue: None, since: cx.now, offer });
    draft.then::<Conversation>(key, ConversationEvent::Accepted { agent: agent.clone() });
}

/// R11: the thread has an open conversation now; the contact is made where the address is new.
pub(super) fn open_thread(
    draft: &mut Draft,
    contact: Option<&Arc<Contact>>,
    address: &Address,
    customer: &CustomerId,
    entry_point: &EntryPointId,
    conversation: ConversationId,
) {
    let opened = ContactEvent::ThreadOpened { entry_point: entry_point.clone(), conversation };
    match contact {
        Some(contact) => draft.record(contact, opened),
        None => {
            let key = Key::contact(address);
            let made = ContactEvent::ContactMade { address: address.clone(), customer: customer.clone() };
            draft.begin::<Contact>(key, made);
            draft.then::<Contact>(key, opened);
        }
    }
}

/// B4: takes what a queue or a parking place holds; it is offered and accepted in one commit, and never has two holders.
fn take_over(cx: &Context<'_>, draft: &mut Draft, ready: &Ready<'_>, open: &Arc<Conversation>) -> Started {
    let agent = ready.presence.agent();
    let offer = Offer { id: OfferId::of(cx.command), to: agent.clone(), expires: cx.now };
    draft.record(open, ConversationEvent::Offered { queue: None, since: cx.now, offer });
    draft.record(open, ConversationEvent::Accepted { agent: agent.clone() });
    take_slot(draft, ready.presence, open, Occupant::Task { conversation: open.id() });
    started(open, StartedHow::TookOver)
}
