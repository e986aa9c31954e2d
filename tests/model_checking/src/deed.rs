//! What people, clocks and pumps of the small world want to do, and the command that it is at a moment.

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command::{
    Accept, AnswerHandover, BeginInteraction, CancelTransfer, ClaimDispatch, Close, Conference, ConsentChange, Decline,
    EndInteraction, ExtendWrapUp, FireDue, InteractionHow, OnConflict, Park, ReceiptStatus, ReceiveMessage,
    RecoverFromRona, Rehome, ReportDelivery, RetryMessage, RouteNext, SendMessage, SetConsent, SetState, SetZone,
    SignIn, SignOut, StartOutbound, Target, Transfer, TriggerWorkflow, Unfinished, Wake, WrapUp,
};
use outbound::directory::Directory;
use outbound::hours::ZoneId;
use outbound::model::{
    AgentId, By, Channel, ChosenState, Conversation, CustomerId, EntryPointId, Key, MediaClass, Message, MessageId,
    Offer, ProviderId, Recipient, ShapeOnly, Status, TaskState, Wording,
};
use outbound::query::{Repair, orphans};
use outbound::record::{Query, Record};

use crate::order::Order;
use crate::properties::LATE;
use crate::store::Shelf;

pub(crate) type Agent = &'static str;
/// A customer's number.
pub(crate) type Customer = &'static str;

/// Two numbers of one customer, whom the host knows.
pub(crate) const RITA: [Customer; 2] = ["+351910000021", "+351910000022"];

/// What somebody wants to do, about the conversation with a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Deed {
    Start(Agent, Customer, OnConflict),
    /// From the other entry point.
    StartElsewhere(Agent, Customer),
    /// The customer writes; the number is the provider's for the message.
    Write(Customer, u8),
    /// To the other entry point.
    WriteElsewhere(Customer, u8),
    /// The customer writes one word.
    Say(Customer, u8, &'static str),
    /// The host is told what the customer wishes.
    Consent(Customer, ConsentChange),
    /// The host is told where the customer is.
    Zone(Customer, &'static str),
    Send(Agent, Customer),
    /// Has a message sent again that did not get through.
    Retry(Agent, Customer),
    ToAgent(Agent, Customer, Agent),
    ToQueue(Agent, Customer),
    Cancel(Agent, Customer),
    Accept(Agent),
    /// Takes whatever is offered to anybody.
    Grab(Agent),
    Decline(Agent),
    /// Answers the request to hand over.
    HandOver(Agent, bool),
    Close(Agent, Customer),
    WrapUp(Agent, Customer),
    Extend(Agent, Customer),
    Park(Agent, Customer),
    Wake(Customer),
    Conference(Agent, Customer),
    Workflow(Agent, Customer),
    /// Another system gives the agent something to do, and it is over.
    Begin(Agent, InteractionHow),
    End(Agent),
    Route(Agent),
    GoIdle(Agent),
    Recover(Agent),
    SignIn(Agent),
    SignOut(Agent, Unfinished),
    /// The provider reports a status of the first message that it took.
    Report(ReceiptStatus),
    /// Fires a conversation's deadline, whether it is due or not.
    FireAt(Customer),
    /// Fires what is due, for ever.
    Fire,
    /// Sends what is due, for ever.
    Pump,
    /// Mends what the orphan check finds, for ever.
    Mend,
}

/// What the deed sees of the world when it begins.
pub(crate) struct Sight<'a> {
    pub(crate) shelf: &'a Shelf,
    pub(crate) now: DateTime<Utc>,
    pub(crate) directory: &'a Directory,
    pub(crate) taken: Option<MessageId>,
}

/// An id from its text.
pub(crate) fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("an id")
}

fn entry_point() -> EntryPointId {
    id("sms")
}

fn elsewhere() -> EntryPointId {
    id("sms_other")
}

/// Whom the host knows a number to belong to.
fn known_as(customer: Customer) -> Option<CustomerId> {
    RITA.contains(&customer).then(|| id("rita"))
}

/// What the provider calls a message that it took.
pub(crate) fn provider_id(message: MessageId) -> ProviderId {
    id(&format!("p-{message}"))
}

impl Deed {
    /// Whether it goes on for ever.
    pub(crate) const fn is_endless(self) -> bool {
        matches!(self, Self::Fire | Self::Pump | Self::Mend)
    }

    /// The command that it is now; none where there is nothing to do it to.
    pub(crate) fn order(self, sight: &Sight<'_>) -> Option<Order> {
        let about = |customer: Customer| Some(sight.latest(customer)?.id());
        Some(match self {
            Self::Start(agent, customer, on_conflict) => started(agent, customer).on_conflict(on_conflict).into(),
            Self::StartElsewhere(agent, customer) => {
                StartOutbound { entry_point: elsewhere(), ..started(agent, customer) }.into()
            }
            Self::Write(customer, number) => written(customer, number, "Hello").into(),
            Self::WriteElsewhere(customer, number) => {
                ReceiveMessage { entry_point: elsewhere(), ..written(customer, number, "Hello") }.into()
            }
            Self::Say(customer, number, word) => written(customer, number, word).into(),
            Self::Consent(customer, change) => {
                SetConsent { customer: known_as(customer), ..SetConsent::by_host(Channel::Sms, customer, change) }
                    .into()
            }
            Self::Zone(customer, zone) => SetZone {
                by: By::Host,
                channel: Channel::Sms,
                address: Recipient::typed(customer),
                zone: ZoneId::parse(zone).ok(),
                customer: known_as(customer),
            }
            .into(),
            Self::Send(agent, customer) => SendMessage::new(id(agent), about(customer)?, Wording::text("Hi")).into(),
            Self::Retry(agent, customer) => RetryMessage::new(id(agent), sight.not_got_through(customer)?.id()).into(),
            Self::ToAgent(agent, customer, to) => {
                Transfer { agent: id(agent), conversation: about(customer)?, to: Target::Agent(id(to)) }.into()
            }
            Self::ToQueue(agent, customer) => {
                Transfer { agent: id(agent), conversation: about(customer)?, to: Target::Queue(id("care")) }.into()
            }
            Self::Cancel(agent, customer) => CancelTransfer { agent: id(agent), conversation: about(customer)? }.into(),
            Self::Accept(agent) => {
                let (conversation, offer) = sight.offer_to(agent)?;
                Accept { agent: id(agent), conversation: conversation.id(), offer: offer.id }.into()
            }
            Self::Grab(agent) => {
                let (conversation, offer) = sight.conversations().find_map(|it| Some((it, it.state().offer()?)))?;
                Accept { agent: id(agent), conversation: conversation.id(), offer: offer.id }.into()
            }
            Self::Decline(agent) => {
                let (conversation, offer) = sight.offer_to(agent)?;
                Decline { agent: id(agent), conversation: conversation.id(), offer: offer.id }.into()
            }
            Self::HandOver(agent, give) => {
                let held = sight.conversations().find(|it| it.state().agent() == Some(&id::<AgentId>(agent)))?;
                let TaskState::Active { asked: Some(asked), .. } = held.state() else { return None };
                AnswerHandover { agent: id(agent), conversation: held.id(), request: asked.id, give }.into()
            }
            Self::Close(agent, customer) => Close { by: By::Agent(id(agent)), conversation: about(customer)? }.into(),
            Self::WrapUp(agent, customer) => {
                WrapUp { agent: id(agent), conversation: about(customer)?, reason: id("resolved") }.into()
            }
            Self::Extend(agent, customer) => ExtendWrapUp { agent: id(agent), conversation: about(customer)? }.into(),
            Self::Park(agent, customer) => {
                let until = sight.now + TimeDelta::seconds(100);
                Park { agent: id(agent), conversation: about(customer)?, until, queue: None }.into()
            }
            Self::Wake(customer) => Wake { conversation: about(customer)? }.into(),
            Self::Conference(agent, customer) => Conference { agent: id(agent), conversation: about(customer)? }.into(),
            Self::Workflow(agent, customer) => {
                TriggerWorkflow { agent: id(agent), conversation: about(customer)?, workflow: id("refund") }.into()
            }
            Self::Begin(agent, how) => {
                BeginInteraction { agent: id(agent), class: MediaClass::Social, interaction: id("post"), how }.into()
            }
            Self::End(agent) => EndInteraction { agent: id(agent), interaction: id("post") }.into(),
            Self::Route(agent) => {
                sight.shelf.find(&Query::waiting(&id("care"), 1)).first()?;
                RouteNext { queue: id("care"), agent: Some(id(agent)) }.into()
            }
            Self::GoIdle(agent) => {
                SetState { agent: id(agent), class: None, state: ChosenState::Idle(id("declined")) }.into()
            }
            Self::Recover(agent) => RecoverFromRona { agent: id(agent), state: ChosenState::Available }.into(),
            Self::SignIn(agent) => SignIn { agent: id(agent), team: id("care"), state: ChosenState::Available }.into(),
            Self::SignOut(agent, unfinished) => SignOut { agent: id(agent), unfinished }.into(),
            Self::Report(status) => {
                let provider = provider_id(sight.taken?);
                ReportDelivery { entry_point: entry_point(), provider, status, problem: None }.into()
            }
            Self::FireAt(customer) => FireDue { at: Key::conversation(about(customer)?) }.into(),
            Self::Fire => FireDue { at: sight.shelf.find(&Query::due(sight.now, 1)).first()?.key }.into(),
            Self::Pump => {
                let due = sight.shelf.find(&Query::outbox(sight.now, 1)).first()?.key;
                ClaimDispatch { message: due.as_message()? }.into()
            }
            Self::Mend => sight.repair()?,
        })
    }
}

fn started(agent: Agent, customer: Customer) -> StartOutbound {
    let start = StartOutbound::new(id(agent), Channel::Sms, entry_point(), Recipient::typed(customer));
    StartOutbound { customer: known_as(customer), ..start }
}

fn written(customer: Customer, number: u8, text: &str) -> ReceiveMessage {
    let provider = id(&format!("in-{number}"));
    ReceiveMessage {
        customer: known_as(customer),
        ..ReceiveMessage::text(entry_point(), Recipient::typed(customer), provider, text)
    }
}

impl Sight<'_> {
    fn conversations(&self) -> impl Iterator<Item = &Conversation> {
        self.shelf.records().filter_map(|record| match record {
            Record::Conversation(conversation) => Some(&**conversation),
            _ => None,
        })
    }

    fn latest(&self, customer: Customer) -> Option<&Conversation> {
        let address = Recipient::typed(customer).resolve(Channel::Sms, &ShapeOnly).ok()?;
        let Some(Record::Contact(contact)) = self.shelf.get(Key::contact(&address)) else { return None };
        match self.shelf.get(Key::conversation(contact.thread(&entry_point())?.latest))? {
            Record::Conversation(conversation) => Some(conversation),
            _ => None,
        }
    }

    fn offer_to(&self, agent: Agent) -> Option<(&Conversation, &Offer)> {
        let agent: AgentId = id(agent);
        self.conversations().find_map(|it| Some((it, it.state().offer().filter(|offer| offer.to == agent)?)))
    }

    /// The first message to a customer that failed or expired.
    fn not_got_through(&self, customer: Customer) -> Option<&Message> {
        let conversation = self.latest(customer)?.id();
        self.shelf.records().find_map(|record| match record {
            Record::Message(message) if message.conversation() == conversation => {
                matches!(message.status(), Status::Failed | Status::Expired).then_some(&**message)
            }
            _ => None,
        })
    }

    /// What mends the last thing that the orphan check finds and that can be mended: a task before the agent who held it.
    fn repair(&self) -> Option<Order> {
        let found = orphans(&self.shelf.world(), self.directory, self.now, LATE);
        found.iter().rev().find_map(|orphan| match orphan.repair() {
            Repair::Rehome(conversation) => Some(Rehome { conversation }.into()),
            Repair::SignOut(agent) => Some(SignOut { agent, unfinished: Unfinished::Requeue }.into()),
            _ => None,
        })
    }
}
