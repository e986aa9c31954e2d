//! The machines of the host: its router, its timer and its outbox pump.

use outbound::command::{ClaimDispatch, FireDue, RecordAttempt, RouteNext};
use outbound::model::{Channel, MessageId, SendResult};
use outbound::record::{Claimed, Query};
use outbound::refusal::Code;

use crate::agenda::What;
use crate::day::Day;

/// How much is listed at once.
const PAGE: usize = 256;

impl Day {
    /// Plans that a queue's next task is given to somebody, where one waits.
    pub(crate) fn plan_route(&mut self, queue: usize) {
        if let Some(it) = self.queues.get_mut(queue).filter(|it| it.waiting > 0 && !it.is_planned) {
            it.is_planned = true;
            self.agenda.plan(self.centre.now(), What::Route(queue));
        }
    }

    /// Texts go to whom the host's router names; for mails the library chooses among all of the team.
    pub(crate) fn route(&mut self, queue: usize) {
        if let Some(it) = self.queues.get_mut(queue) {
            it.is_planned = false;
            match it.channel {
                Channel::Email => self.route_by_the_library(queue),
                _ => self.route_by_name(queue),
            }
        }
    }

    fn route_by_the_library(&mut self, queue: usize) {
        let Some(id) = self.queues.get(queue).map(|it| it.id.clone()) else { return };
        let _ = self.centre.run_as("route_next, to anybody", &RouteNext { queue: id, agent: None });
    }

    fn route_by_name(&mut self, queue: usize) {
        while let Some(it) = self.queues.get_mut(queue)
            && let Some(agent) = it.ready.pop_front()
        {
            let id = it.id.clone();
            let Some(who) = self.agents.get_mut(agent) else { return };
            who.is_listed = false;
            if !who.is_available {
                continue;
            }
            let route = RouteNext { queue: id, agent: Some(who.id.clone()) };
            match self.centre.run(&route) {
                Ok(_) => return self.list(agent),
                Err(Some(Code::QueueEmpty)) => return self.list(agent),
                // Whoever cannot be asked now is listed again once something about them changes.
                Err(_) => {}
            }
        }
    }

    /// An agent may be asked from now on.
    fn list(&mut self, agent: usize) {
        let Some(who) = self.agents.get_mut(agent).filter(|who| who.is_available && !who.is_listed) else { return };
        if let Some(texts) = self.queues.get_mut(2 * who.unit) {
            who.is_listed = true;
            texts.ready.push_back(agent);
        }
    }

    /// Something about an agent changed for the better.
    pub(crate) fn may_be_asked(&mut self, agent: usize) {
        self.list(agent);
        if let Some(who) = self.agents.get(agent).filter(|who| who.is_available) {
            let texts = 2 * who.unit;
            self.plan_route(texts);
            self.plan_route(texts + 1);
        }
    }

    /// Fires what is due, as `Desk::fire_due` does; by hand, so that each firing is measured.
    pub(crate) fn fire(&mut self) {
        let mut query = Query::due(self.now(), PAGE);
        loop {
            let due = self.centre.listed("(what is due)", query.clone());
            let Some(last) = due.last() else { return };
            query = query.after(last.cursor());
            for entry in due {
                let _ = self.centre.run(&FireDue { at: entry.key });
            }
        }
    }

    /// Sends what is due, as `Desk::deliver_due` does; by hand, so that each step is measured.
    pub(crate) fn pump(&mut self) {
        loop {
            let due = self.centre.listed("(the outbox)", Query::outbox(self.now(), PAGE));
            let messages = due.iter().filter_map(|entry| entry.key.as_message());
            let moved = messages.filter(|message| self.deliver(*message)).count();
            if moved == 0 {
                return;
            }
        }
    }

    /// Claims one message, sends it, and writes down the answer. Answers whether anything came of it.
    fn deliver(&mut self, message: MessageId) -> bool {
        let dispatch = match self.centre.run(&ClaimDispatch { message }) {
            Ok(Claimed::Send(dispatch)) => dispatch,
            Ok(_) => return true,
            Err(_) => return false,
        };
        let result = self.provider.send(&dispatch, self.centre.now(), &mut self.centre.chance);
        if let SendResult::Accepted { provider, .. } = &result
            && self.provider.taken.get(&message) == Some(&1)
        {
            self.message_leaves(&dispatch, provider);
        }
        // A pump that dies here loses nothing: its claim lapses, and the message goes again under the same key.
        if self.centre.chance.happens(0.000_2) {
            return true;
        }
        self.centre.run(&RecordAttempt { message, attempt: dispatch.attempt, result }).is_ok()
    }
}
