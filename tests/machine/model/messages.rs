//! Messages: what comes in, what goes out, and what becomes of it.

use super::hours::Turn;
use super::{
    Answer, CONFIRMATION, Codes, Hours, Message, Model, Outcome, Provider, Reference, SECOND, Seen, Step, Task,
    address, plain_subject, refused,
};

/// How far a status is; it never goes back.
fn rank(status: &str) -> usize {
    ["received", "queued", "expired", "sent", "failed", "delivered", "read"]
        .iter()
        .position(|it| *it == status)
        .unwrap()
}

impl Message {
    fn advance(&mut self, status: &'static str) {
        if rank(status) > rank(self.status) {
            self.status = status;
        }
        self.step = Step::Settled;
    }
}

/// What the provider calls a message.
pub fn name_of(message: usize) -> String {
    format!("p-{message}")
}

/// All of a message's names, each once; mail names a Message-ID without its angle brackets.
fn names_of(message: usize, further: &[String], by_mail: bool) -> Vec<String> {
    let mut names = vec![name_of(message)];
    names.extend(further.iter().cloned());
    if by_mail {
        let bare = further.iter().filter_map(|it| it.strip_prefix('<')?.strip_suffix('>').map(str::to_owned));
        names.extend(bare.collect::<Vec<_>>());
    }
    let mut once: Vec<String> = Vec::new();
    for name in names {
        if !once.contains(&name) {
            once.push(name);
        }
    }
    once
}

/// On what grounds a message leaves, and when.
struct Grounds {
    hours: Hours,
    caps: &'static str,
    consent: String,
    not_before: Option<i64>,
    leaves: i64,
}

/// There is nothing to look at any more.
struct Over;

impl Model {
    fn reference(&self, entry_point: &str, provider: &str, received: bool) -> Option<&Reference> {
        let known =
            |it: &&Reference| (&*it.entry_point, &*it.provider, it.received) == (entry_point, provider, received);
        self.references.iter().find(known)
    }

    fn refer(
        &mut self,
        entry_point: &str,
        provider: &str,
        received: bool,
        message: Option<usize>,
        early: Option<(&'static str, Option<&'static str>)>,
    ) {
        self.references
            .retain(|it| (&*it.entry_point, &*it.provider, it.received) != (entry_point, provider, received));
        let (entry_point, provider) = (entry_point.to_owned(), provider.to_owned());
        self.references.push(Reference { entry_point, provider, received, message, early });
    }

    /// R27: the first use of a subject with a customer counts.
    fn use_subject(&mut self, customer: &str, subject: &str, conversation: usize) {
        if !self.subjects.iter().any(|it| it.0 == customer && it.1 == subject) {
            self.subjects.push((customer.to_owned(), subject.to_owned(), conversation));
        }
    }

    pub fn receive(
        &mut self,
        entry_point: &str,
        from: &str,
        provider: &str,
        text: &str,
        subject: Option<String>,
        customer: Option<String>,
    ) -> Outcome {
        let is_mail = self.setup.entry_point(entry_point).map(|it| it.channel == "email");
        let names = [false, true].into_iter().filter(|received| is_mail != Some(*received));
        let mut known = names.rev().filter_map(|received| self.reference(entry_point, provider, received)?.message);
        if let Some(message) = known.next() {
            let conversation = self.message(message).conversation;
            let opened = self.message(message).inbound && conversation == message;
            return Ok(Answer::Received { message, conversation, opened, duplicate: true });
        }
        let Some(at) = self.setup.entry_point(entry_point).cloned() else { return refused(&["entry_point.unknown"]) };
        let address = match address(&at.channel, from) {
            Ok(address) => address,
            Err(code) => return refused(&[code]),
        };
        let word = match text.to_lowercase().as_str() {
            "stop" if at.channel == "sms" => Some(true),
            "start" if at.channel == "sms" => Some(false),
            _ => None,
        };
        let subject = subject.filter(|_| at.channel == "email").map(|it| plain_subject(&it));
        let customer = self.customer_at(&address, customer);
        let latest = self.latest_at(&address, entry_point).filter(|_| word.is_some());
        let existing = self.open_at(&address, entry_point).or(latest);
        let message = self.step;
        let conversation = match existing {
            Some(existing) => {
                let of = self.conversation(existing).clone();
                if let Some(subject) = subject.clone() {
                    if of.subject.is_none() {
                        self.conversation(existing).subject = Some(subject.clone());
                    }
                    self.use_subject(&of.customer, &subject, existing);
                }
                self.wake(existing);
                existing
            }
            None => {
                self.open_conversation(&at.channel, entry_point, &address, &customer, false);
                if let Some(subject) = subject.clone() {
                    self.conversation(message).subject = Some(subject.clone());
                    self.use_subject(&customer, &subject, message);
                }
                let now = self.now;
                self.conversation(message).task = Task::Queued { queue: at.queue.clone(), since: now };
                if word.is_some() {
                    self.conversation(message).task = Task::Done;
                    self.close_thread(message);
                }
                message
            }
        };
        let written =
            Message { entry_point: entry_point.to_owned(), address: address.clone(), subject, ..self.inbound() };
        let number = self.write(conversation, message, written);
        self.conversation(conversation).newest_inbound = Some(message);
        // Whoever writes can be reached, whatever a provider said.
        self.contact_mut(&address).suppressed.remove(&true);
        if let Some(out) = word {
            let other = self.conversation(conversation).entry_point.clone();
            let mut changed = self.tell(&address, out, Some(entry_point));
            if other != entry_point {
                changed |= self.tell(&address, out, Some(&other));
            }
            if changed && out && self.setup.organization.consent.confirmation.is_some() {
                let not_after = self.now + self.setup.organization.timings.delivery.expire_after_seconds * SECOND;
                let (id, due) = (message + CONFIRMATION, Step::Due(self.now));
                let confirmation = Message {
                    entry_point: entry_point.to_owned(),
                    address: address.clone(),
                    inbound: false,
                    confirmation: true,
                    status: "queued",
                    step: due,
                    not_after,
                    hours: Hours::Exempt,
                    caps: "exempt",
                    consent: "confirmation".to_owned(),
                    ..self.inbound()
                };
                let next = self.write(conversation, id, confirmation);
                assert_eq!(next, number + 1);
            }
        }
        self.refer(entry_point, provider, at.channel != "email", Some(message), None);
        Ok(Answer::Received { message, conversation, opened: existing.is_none(), duplicate: false })
    }

    /// A message that came in, without what differs.
    fn inbound(&self) -> Message {
        Message {
            id: 0,
            conversation: 0,
            number: 0,
            entry_point: String::new(),
            address: String::new(),
            inbound: true,
            confirmation: false,
            at: self.now,
            hours: Hours::NotSetUp,
            caps: "",
            consent: String::new(),
            not_before: None,
            status: "received",
            step: Step::Settled,
            attempts: 0,
            accepted: false,
            retried: None,
            not_after: 0,
            subject: None,
        }
    }

    fn write(&mut self, conversation: usize, id: usize, message: Message) -> usize {
        let of = self.conversation(conversation);
        of.messages += 1;
        let number = of.messages;
        self.messages.push(Message { id, conversation, number, ..message });
        number
    }

    /// Why an agent may not write in a conversation, or on what grounds; whether there is no sense in looking at what is written.
    fn why_not_send(
        &mut self,
        agent: &str,
        conversation: usize,
        seen: &Seen,
        not_after: i64,
        overrides: bool,
    ) -> (Codes, Result<Grounds, Over>) {
        if self.setup.agent(agent).is_none() {
            return (["agent.unknown"].into(), Err(Over));
        }
        if !self.has(conversation) {
            return (["conversation.unknown"].into(), Err(Over));
        }
        let mut no = self.why_not_hold(agent, conversation);
        let of = self.conversation(conversation).clone();
        if self.setup.entry_point(&of.entry_point).is_none() {
            no.insert("entry_point.unknown");
            return (no, Err(Over));
        }
        let newer = match (seen, of.newest_inbound) {
            (Seen::NotTold, _) | (_, None) => false,
            (Seen::Nothing, Some(_)) => true,
            (Seen::UpTo(seen), Some(newest)) => *seen != newest,
        };
        if newer {
            no.insert("conversation.customer_wrote_meanwhile");
        }
        if not_after <= self.now {
            no.insert("message.deadline_passed");
        }
        if of.unsettled.len() >= 100 {
            no.insert("delivery.backlog");
        }
        no.extend(self.why_not_written(&of.address, &of.entry_point, None));
        let hours = self.hours_of(&of.address, of.newest_inbound, not_after, overrides, &mut no);
        let not_before = if let Hours::Deferred(until) = hours { Some(until) } else { None };
        let leaves = not_before.unwrap_or(self.now);
        let caps = self.caps_of(&of.customer, of.newest_inbound, leaves, overrides, &mut no);
        let consent = self.grounds(&of.address, &of.entry_point, of.newest_inbound);
        (no, Ok(Grounds { hours, caps, consent, not_before, leaves }))
    }

    fn usual_deadline(&self) -> i64 {
        self.now + self.setup.organization.timings.delivery.expire_after_seconds * SECOND
    }

    #[expect(clippy::too_many_arguments, reason = "a message is all of this")]
    pub fn send(
        &mut self,
        agent: &str,
        conversation: usize,
        text: &str,
        subject: Option<String>,
        seen: &Seen,
        not_after: Option<i64>,
        overrides: bool,
    ) -> Outcome {
        let not_after = not_after.unwrap_or(self.usual_deadline());
        let (mut no, grounds) = self.why_not_send(agent, conversation, seen, not_after, overrides);
        let Ok(grounds) = grounds else { return Err(no) };
        let of = self.conversation(conversation).clone();
        if text.trim().is_empty() {
            no.insert("message.blank");
        }
        if of.channel == "sms" && subject.is_some() {
            no.insert("message.email_only");
        }
        if !no.is_empty() {
            return Err(no);
        }
        let subject = subject.map(|it| plain_subject(&it)).or(of.subject.clone()).filter(|_| of.channel == "email");
        if of.channel == "email" && subject.is_none() {
            no.insert("subject.missing");
        }
        let fresh = subject.clone().filter(|it| of.subject.as_ref() != Some(it));
        if let Some(subject) = &fresh {
            let used = self.subjects.iter().find(|it| it.0 == of.customer && it.1 == *subject);
            if used.is_some_and(|it| it.2 != conversation) {
                no.insert("subject.used");
            }
        }
        no.extend(super::host::why_not_sent(agent, &of.address, Some(text)));
        if !no.is_empty() {
            return Err(no);
        }
        if let Some(subject) = fresh {
            self.conversation(conversation).subject = Some(subject.clone());
            self.use_subject(&of.customer, &subject, conversation);
        }
        Ok(self.leave(conversation, not_after, subject, grounds))
    }

    /// A message goes to the outbox, behind those of its conversation that are not settled.
    fn leave(&mut self, conversation: usize, not_after: i64, subject: Option<String>, on: Grounds) -> Answer {
        let of = self.conversation(conversation).clone();
        if on.caps == "within" || on.caps == "overridden" {
            self.count(&of.customer, on.leaves);
        }
        let step = if of.unsettled.is_empty() { Step::Due(on.leaves) } else { Step::Waiting };
        // Behind a message that is put off it leaves no earlier than that one.
        let mut not_before = on.not_before;
        if let Some(first) = of.unsettled.first()
            && let Step::Due(at) = self.message(*first).step
            && at > self.now
        {
            not_before = not_before.max(Some(at));
        }
        let id = self.step;
        self.conversation(conversation).unsettled.push(id);
        let message = Message {
            entry_point: of.entry_point,
            address: of.address,
            inbound: false,
            hours: on.hours,
            caps: on.caps,
            consent: on.consent,
            not_before: on.not_before,
            status: "queued",
            step,
            not_after,
            subject,
            ..self.inbound()
        };
        let number = self.write(conversation, id, message);
        Answer::Sent { number, not_before }
    }

    /// Whether a message is one that was sent.
    fn why_not_ours(&self, message: usize) -> Codes {
        match self.messages.iter().find(|it| it.id == message) {
            None => ["message.unknown"].into(),
            Some(found) if found.inbound => ["message.not_sent"].into(),
            Some(_) => Codes::new(),
        }
    }

    pub fn retry(&mut self, agent: &str, message: usize, seen: &Seen, overrides: bool) -> Outcome {
        let no = self.why_not_ours(message);
        if !no.is_empty() {
            return Err(no);
        }
        let of = self.message(message).clone();
        let not_after = self.usual_deadline();
        let (mut no, grounds) = self.why_not_send(agent, of.conversation, seen, not_after, overrides);
        if of.status != "failed" && of.status != "expired" {
            no.insert("message.not_failed");
        }
        if of.retried.is_some() {
            no.insert("message.retried");
        }
        let Ok(grounds) = grounds else { return Err(no) };
        no.extend(super::host::why_not_sent(agent, &of.address, None));
        if !no.is_empty() {
            return Err(no);
        }
        self.message(message).retried = Some(self.step);
        Ok(self.leave(of.conversation, not_after, of.subject, grounds))
    }

    /// A message needs no further attempt; the next of its conversation may go.
    fn settle(&mut self, message: usize) {
        let (conversation, now) = (self.message(message).conversation, self.now);
        let waiting = self.conversation(conversation).unsettled.clone();
        if waiting.first() == Some(&message)
            && let Some(next) = waiting.get(1)
        {
            let next = self.message(*next);
            next.step = Step::Due(next.not_before.map_or(now, |it| it.max(now)));
        }
        self.conversation(conversation).unsettled.retain(|it| *it != message);
    }

    fn fail(&mut self, message: usize) {
        self.settle(message);
        self.message(message).advance("failed");
    }

    pub fn claim(&mut self, message: usize) -> Outcome {
        let no = self.why_not_ours(message);
        if !no.is_empty() {
            return Err(no);
        }
        let of = self.message(message).clone();
        if of.status == "expired" {
            return Ok(Answer::Claimed("expired"));
        }
        match of.step {
            Step::Due(at) | Step::Claimed(at) if at <= self.now => {}
            _ => return refused(&["delivery.not_due"]),
        }
        if of.not_after <= self.now {
            return Ok(self.expire(message));
        }
        if !of.confirmation && !self.why_not_written(&of.address, &of.entry_point, None).is_empty() {
            self.fail(message);
            return Ok(Answer::Claimed("refused"));
        }
        let not_after = match self.turn(&of.address, of.hours, of.not_after) {
            Turn::Now(not_after) => not_after,
            Turn::Later(until) => {
                self.message(message).step = Step::Due(until);
                return Ok(Answer::Deferred(until));
            }
            Turn::TooLate => return Ok(self.expire(message)),
        };
        let delivery = self.setup.organization.timings.delivery.clone();
        if of.attempts >= delivery.max_attempts {
            self.fail(message);
            return Ok(Answer::Claimed("given up"));
        }
        let until = self.now + delivery.lease_seconds * SECOND;
        let of = self.message(message);
        of.attempts += 1;
        of.step = Step::Claimed(until);
        Ok(Answer::ToBeSent { attempt: of.attempts, not_after })
    }

    fn expire(&mut self, message: usize) -> Answer {
        self.settle(message);
        self.message(message).advance("expired");
        Answer::Claimed("expired")
    }

    pub fn attempt(&mut self, message: usize, attempt: usize, provider: &Provider) -> Outcome {
        let no = self.why_not_ours(message);
        if !no.is_empty() {
            return Err(no);
        }
        let of = self.message(message).clone();
        let stands = matches!(of.step, Step::Claimed(_)) && of.attempts == attempt;
        match provider {
            Provider::Takes(further) if !of.accepted => {
                if of.step != Step::Settled {
                    self.settle(message);
                }
                self.message(message).accepted = true;
                self.message(message).advance("sent");
                // A name that another message has stays with that one; of what was reported under the names the furthest counts.
                let mut furthest: Option<(&'static str, Option<&'static str>)> = None;
                for name in names_of(message, further, of.address.contains('@')) {
                    let known = self.reference(&of.entry_point, &name, false).cloned();
                    if known.as_ref().is_none_or(|it| it.message.is_none()) {
                        self.refer(&of.entry_point, &name, false, Some(message), None);
                    }
                    if let Some(early) = known.and_then(|it| it.early)
                        && furthest.is_none_or(|it| rank(it.0) <= rank(early.0))
                    {
                        furthest = Some(early);
                    }
                }
                if let Some((status, problem)) = furthest {
                    self.message(message).advance(status);
                    if status == "failed" {
                        self.heed(message, problem, true);
                    }
                }
            }
            Provider::Permanent(problem) if stands => {
                self.fail(message);
                self.heed(message, Some(problem), true);
            }
            Provider::Transient(problem, seconds) if stands => {
                let delivery = self.setup.organization.timings.delivery.clone();
                if attempt >= delivery.max_attempts {
                    self.fail(message);
                } else {
                    let doubled = delivery.first_retry_seconds * (1 << (attempt - 1));
                    let at = self.now + doubled.min(delivery.max_retry_seconds).max(*seconds) * SECOND;
                    self.message(message).step = Step::Due(at.min(of.not_after));
                }
                self.heed(message, Some(problem), false);
            }
            _ => {}
        }
        Ok(Answer::Done)
    }

    pub fn report(
        &mut self,
        entry_point: &str,
        provider: &str,
        status: &'static str,
        problem: Option<&'static str>,
    ) -> Outcome {
        let reference = self.reference(entry_point, provider, false).cloned();
        let Some(message) = reference.as_ref().and_then(|it| it.message) else {
            let known = reference.and_then(|it| it.early);
            if known.is_none_or(|(known, _)| rank(known) < rank(status)) {
                self.refer(entry_point, provider, false, None, Some((status, problem)));
            }
            return Ok(Answer::Early);
        };
        let of = self.message(message).clone();
        if of.inbound {
            return refused(&["message.not_sent"]);
        }
        if rank(status) <= rank(of.status) {
            return Ok(Answer::OldNews(of.status.to_owned()));
        }
        if of.step != Step::Settled {
            self.settle(message);
        }
        self.message(message).advance(status);
        if status == "failed" {
            self.heed(message, problem, true);
        }
        Ok(Answer::Advanced(status.to_owned()))
    }
}
