//! What people, clocks and pumps of the small world want to do, and the command that it is at a moment.

use chrono::{DateTime, TimeDelta, Utc};
use outbound::command::{
    Accept, AnswerHandover, ClaimDispatch, Close, Decline, FireDue, OnConflict, Park, ReceiptStatus, ReceiveMessage,
    ReportDelivery, RouteNext, SendMessage, SetState, SignOut, StartOutbound, Target, Transfer, Unfinished, WrapUp,
};
use outbound::model::{
    AgentId, Channel, ChosenState, Closer, Conversation, EntryPointId, Key, MessageId, Offer, ProviderId, Recipient,
    ShapeOnly, TaskState, Wording,
};
use outbound::record::{Query, Record};

use crate::order::Order;
use crate::store::Shelf;

pub(crate) type Agent = &'static str;
pub(crate) type Customer = &'static str;

/// What somebody wants to do, about the conversation with a customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Deed {
    Start(Agent, Customer, OnConflict),
    /// The customer writes; the number is the provider's for the message.
    Write(Customer, u8),
    Send(Agent, Customer),
    ToAgent(Agent, Customer, Agent),
    ToQueue(Agent, Customer),
    Accept(Agent),
    Decline(Agent),
    /// Answers the request to hand over.
    HandOver(Agent, bool),
    Close(Agent, Customer),
    WrapUp(Agent, Customer),
    Park(Agent, Customer),
    Route(Agent),
    GoIdle(Agent),
    SignOut(Agent),
    /// The provider reports a status of the first message that it took.
    Report(ReceiptStatus),
    /// Fires what is due, for ever.
    Fire,
    /// Sends what is due, for ever.
    Pump,
}

/// What the deed sees of the world when it begins.
pub(crate) struct Sight<'a> {
    pub(crate) shelf: &'a Shelf,
    pub(crate) now: DateTime<Utc>,
    pub(crate) taken: Option<MessageId>,
}

/// An id from its text.
pub(crate) fn id<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("an id")
}

fn entry_point() -> EntryPointId {
    id("sms")
}

/// What the provider calls a message that it took.
pub(crate) fn provider_id(message: MessageId) -> ProviderId {
    id(&format!("p-{message}"))
}

impl Deed {
    /// Whether it goes on for ever.
    pub(crate) const fn is_endless(self) -> bool {
        matches!(self, Self::Fire | Self::Pump)
    }

    /// The command that it is now; none where there is nothing to do it to.
    pub(crate) fn order(self, sight: &Sight<'_>) -> Option<Order> {
        let about = |customer: Customer| Some(sight.latest(customer)?.id());
        Some(match self {
            Self::Start(agent, customer, on_conflict) => StartOutbound {
                agent: id(agent),
                channel: Channel::Sms,
                entry_point: entry_point(),
                to: Recipient::typed(customer),
                customer: None,
                on_conflict,
            }
            .into(),
            Self::Write(customer, number) => {
                ReceiveMessage::text(entry_point(), Recipient::typed(customer), id(&format!("in-{number}")), "Hello")
                    .into()
            }
            Self::Send(agent, customer) => SendMessage::new(id(agent), about(customer)?, Wording::text("Hi")).into(),
            Self::ToAgent(agent, customer, to) => {
                Transfer { agent: id(agent), conversation: about(customer)?, to: Target::Agent(id(to)) }.into()
            }
            Self::ToQueue(agent, customer) => {
                Transfer { agent: id(agent), conversation: about(customer)?, to: Target::Queue(id("care")) }.into()
            }
            Self::Accept(agent) => {
                let (conversation, offer) = sight.offer_to(agent)?;
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
            Self::Close(agent, customer) => {
                Close { by: Closer::Agent(id(agent)), conversation: about(customer)? }.into()
            }
            Self::WrapUp(agent, customer) => {
                WrapUp { agent: id(agent), conversation: about(customer)?, reason: id("resolved") }.into()
            }
            Self::Park(agent, customer) => {
                let until = sight.now + TimeDelta::seconds(100);
                Park { agent: id(agent), conversation: about(customer)?, until, queue: None }.into()
            }
            Self::Route(agent) => {
                sight.shelf.find(&Query::waiting(&id("care"), 1)).first()?;
                RouteNext { queue: id("care"), agent: Some(id(agent)) }.into()
            }
            Self::GoIdle(agent) => {
                SetState { agent: id(agent), class: None, state: ChosenState::Idle(id("declined")) }.into()
            }
            Self::SignOut(agent) => SignOut { agent: id(agent), unfinished: Unfinished::Requeue }.into(),
            Self::Report(status) => {
                let provider = provider_id(sight.taken?);
                ReportDelivery { entry_point: entry_point(), provider, status, problem: None }.into()
            }
            Self::Fire => FireDue { at: sight.shelf.find(&Query::due(sight.now, 1)).first()?.key }.into(),
            Self::Pump => {
                let due = sight.shelf.find(&Query::outbox(sight.now, 1)).first()?.key;
                ClaimDispatch { message: due.as_message()? }.into()
            }
        })
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
}
