//! The screens: they follow the feed of events, as a host's do, and people act on what they show.

use chrono::TimeDelta;
use outbound::model::{
    AgentId, Channel, ConversationEvent, ConversationId, MediaClass, Offer, OfferId, Opening, Origin, PresenceEvent,
    QueueId, QueuedWhy, State, TaskState,
};
use outbound::record::{Envelope, Event};

use crate::agenda::{Does, Next, What};
use crate::day::{Day, Talk};
use crate::organization::{digital_slots, number_in};

impl Day {
    /// Shows everything that happened since the last look.
    pub(crate) fn follow(&mut self) {
        loop {
            let page = self.centre.events_after(self.events);
            if page.events.is_empty() {
                return;
            }
            self.events = page.next;
            for envelope in &page.events {
                self.happened(envelope);
            }
        }
    }

    fn happened(&mut self, envelope: &Envelope) {
        let (high, low) = envelope.id().as_u64_pair();
        self.fingerprint = (self.fingerprint.rotate_left(5) ^ high ^ low).wrapping_mul(0x517c_c1b7_2722_0a95);
        match &envelope.event {
            Event::Conversation(event) => {
                if let Some(id) = envelope.stream.as_conversation() {
                    self.happened_to_conversation(id, event);
                }
            }
            Event::Presence(event) => {
                if let Some(agent) = self.by_presence.get(&envelope.stream) {
                    self.happened_to_presence(*agent, event);
                }
            }
            _ => {}
        }
    }

    fn happened_to_presence(&mut self, agent: usize, event: &PresenceEvent) {
        match event {
            PresenceEvent::SignedIn { state, .. } => {
                self.board.signed_in += digital_slots(agent);
                self.state_is(agent, state);
            }
            PresenceEvent::SignedOut => {
                self.board.signed_in -= digital_slots(agent);
                self.set_available(agent, false);
            }
            PresenceEvent::StateSet { state, .. } => self.state_is(agent, state),
            PresenceEvent::SlotTaken { class, .. } => self.board.slots += i64::from(*class != MediaClass::Voice),
            PresenceEvent::SlotFreed { .. } => {
                self.board.slots -= 1;
                self.may_be_asked(agent);
            }
            PresenceEvent::InteractionEnded { .. } => self.may_be_asked(agent),
            _ => {}
        }
    }

    fn state_is(&mut self, agent: usize, state: &State) {
        self.set_available(agent, *state == State::Available);
        let back = match state {
            State::Available => return self.may_be_asked(agent),
            State::Rona => self.centre.chance.between(30.0, 180.0),
            State::Idle(reason) if reason.as_str() == "declined" => TimeDelta::minutes(1),
            State::Idle(_) => return,
        };
        self.plan_in(back, What::Agent(agent, Does::BeReadyAgain));
    }

    fn set_available(&mut self, agent: usize, is_available: bool) {
        let Some(who) = self.agents.get_mut(agent).filter(|who| who.is_available != is_available) else { return };
        who.is_available = is_available;
        self.board.available += if is_available { digital_slots(agent) } else { -digital_slots(agent) };
    }

    fn happened_to_conversation(&mut self, id: ConversationId, event: &ConversationEvent) {
        match event {
            ConversationEvent::Opened { opening, task } => self.opened(id, opening, task),
            ConversationEvent::Offered { queue, offer, .. } => {
                self.waits_no_more(id);
                if queue.is_some() {
                    self.is_asked(id, offer);
                }
            }
            ConversationEvent::Accepted { agent } => self.is_held(id, agent),
            ConversationEvent::Queued { queue, why, .. } => {
                let sender = self.talks.get_mut(&id).and_then(|talk| talk.holder.take());
                if let (Some(sender), QueuedWhy::Transferred) = (sender, why) {
                    self.owes_wrap_up(sender, id);
                }
                self.waits(id, queue);
            }
            ConversationEvent::Frozen { transfer } => self.is_frozen(id, transfer),
            ConversationEvent::Unfrozen { .. } => {
                if let Some(talk) = self.talks.get_mut(&id) {
                    talk.is_frozen = false;
                }
                self.plan_work(id, 10.0);
            }
            ConversationEvent::Transferred { to } | ConversationEvent::HandedOver { to } => {
                if let Some(sender) = self.talks.get(&id).and_then(|talk| talk.holder) {
                    self.owes_wrap_up(sender, id);
                }
                self.is_held(id, to);
            }
            ConversationEvent::HandoverAsked { request } => self.is_asked_for(id, request.id),
            ConversationEvent::Parked { .. } => self.is_held_by_nobody(id),
            ConversationEvent::MessageReceived { message } => {
                self.centre.measure.hour.received += 1;
                if let Some(talk) = self.talks.get_mut(&id) {
                    talk.newest = Some(*message);
                }
                self.notice(id);
            }
            ConversationEvent::MessageSent { .. } => {
                self.centre.measure.hour.sent += 1;
                self.board.backlog += 1;
            }
            ConversationEvent::MessageSettled { .. } => self.board.backlog -= 1,
            ConversationEvent::Closed { .. } => {
                if let Some(holder) = self.talks.remove(&id).and_then(|talk| talk.holder) {
                    self.owes_wrap_up(holder, id);
                }
            }
            _ => {}
        }
    }

    fn opened(&mut self, id: ConversationId, opening: &Opening, task: &TaskState) {
        let is_outbound = matches!(opening.origin, Origin::Agent(_));
        let hour = &mut self.centre.measure.hour;
        hour.opened += 1;
        hour.started += u64::from(is_outbound);
        let talk = Talk {
            channel: opening.channel,
            is_outbound,
            holder: None,
            is_frozen: false,
            waits: None,
            newest: None,
            read: None,
            turns: 1 + self.centre.chance.below(3),
            sent: 0,
            plan: 0,
        };
        self.talks.insert(id, talk);
        if let TaskState::Queued { queue, .. } = task {
            self.waits(id, queue);
        }
    }

    fn waits(&mut self, id: ConversationId, queue: &QueueId) {
        let place = 2 * number_in(queue.as_str()) + usize::from(queue.as_str().starts_with("mails"));
        let (Some(talk), Some(queue)) = (self.talks.get_mut(&id), self.queues.get_mut(place)) else { return };
        talk.waits = Some(place);
        talk.plan += 1;
        queue.waiting += 1;
        self.board.waiting += 1;
        self.plan_route(place);
    }

    fn waits_no_more(&mut self, id: ConversationId) {
        let Some(place) = self.talks.get_mut(&id).and_then(|talk| talk.waits.take()) else { return };
        if let Some(queue) = self.queues.get_mut(place) {
            queue.waiting -= 1;
            self.board.waiting -= 1;
        }
        self.plan_route(place);
    }

    /// Most people answer an offer, some decline, some do not see it.
    fn is_asked(&mut self, conversation: ConversationId, offer: &Offer) {
        let chance = &mut self.centre.chance;
        if chance.happens(0.03) {
            return;
        }
        let (take, time) = (!chance.happens(0.02), chance.between(2.0, 12.0));
        let (agent, offer) = (number_in(offer.to.as_str()), offer.id);
        self.plan_in(time, What::Answer { agent, conversation, offer, take });
    }

    fn is_frozen(&mut self, conversation: ConversationId, transfer: &Offer) {
        self.is_asked(conversation, transfer);
        let Some(talk) = self.talks.get_mut(&conversation) else { return };
        talk.is_frozen = true;
        talk.plan += 1;
        if let Some(agent) = talk.holder.filter(|_| self.centre.chance.happens(0.05)) {
            self.plan_in(TimeDelta::seconds(5), What::TakeBack { agent, conversation });
        }
    }

    fn is_asked_for(&mut self, conversation: ConversationId, request: OfferId) {
        let Some(agent) = self.talks.get(&conversation).and_then(|talk| talk.holder) else { return };
        let chance = &mut self.centre.chance;
        if chance.happens(0.9) {
            let (give, time) = (chance.happens(0.7), chance.between(5.0, 40.0));
            self.plan_in(time, What::HandOver { agent, conversation, request, give });
        }
    }

    fn is_held(&mut self, id: ConversationId, agent: &AgentId) {
        self.waits_no_more(id);
        let Some(talk) = self.talks.get_mut(&id) else { return };
        talk.holder = Some(number_in(agent.as_str()));
        talk.is_frozen = false;
        talk.turns = talk.turns.max(1);
        let median = if talk.channel == Channel::Email { 150.0 } else { 35.0 };
        self.plan_work(id, median);
    }

    fn is_held_by_nobody(&mut self, id: ConversationId) {
        if let Some(talk) = self.talks.get_mut(&id) {
            talk.holder = None;
            talk.plan += 1;
        }
    }

    /// The agent reads what came, or is typing and does not look.
    fn notice(&mut self, id: ConversationId) {
        let is_open_to_it = self.talks.get(&id).is_some_and(|talk| talk.holder.is_some() && !talk.is_frozen);
        if is_open_to_it && !self.centre.chance.happens(0.1) {
            self.plan_work(id, 40.0);
        }
    }

    /// The holder reads everything, and writes after a time of about so many seconds.
    fn plan_work(&mut self, id: ConversationId, median: f64) {
        self.read_what_is_new(id);
        let time = self.centre.chance.about(median);
        self.plan_for(id, time, Next::Work);
    }

    /// R50: most give the reason, some late, some never.
    fn owes_wrap_up(&mut self, agent: usize, conversation: ConversationId) {
        let chance = &mut self.centre.chance;
        if chance.happens(0.9) {
            let (later, time) = (chance.happens(0.05), chance.between(6.0, 45.0));
            self.plan_in(time, What::WrapUp { agent, conversation, later });
        }
    }
}
