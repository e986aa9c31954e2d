//! Conversations and their tasks: starting, holding, transferring, parking, closing.

use std::collections::BTreeMap;

use super::{
    Answer, Codes, Contact, Conversation, Held, Model, Offer, Outcome, SECOND, Task, Thread, To, address, class_of,
    host, refused,
};

impl Model {
    /// R11: the conversation that is in the way, or that a message belongs to.
    pub fn open_at(&self, address: &str, entry_point: &str) -> Option<usize> {
        let contact = self.contact(address)?;
        let own = contact.threads.iter().find(|it| it.entry_point == entry_point).and_then(|it| it.open);
        if self.setup.organization.conflict_scope.as_deref() == Some("address") {
            return own.or_else(|| contact.threads.iter().find_map(|it| it.open));
        }
        own
    }

    pub fn latest_at(&self, address: &str, entry_point: &str) -> Option<usize> {
        let contact = self.contact(address)?;
        contact.threads.iter().find(|it| it.entry_point == entry_point).map(|it| it.latest)
    }

    /// R26: whose address it is: of whom it was, of whom the host says, else of somebody who is met now.
    pub fn customer_at(&self, address: &str, given: Option<String>) -> String {
        let known = self.contact(address).map(|it| it.customer.clone());
        known.or(given).unwrap_or_else(|| format!("met by {}", self.step))
    }

    pub fn make_contact(&mut self, address: &str, customer: &str) {
        if self.contact(address).is_none() {
            let (address, customer) = (address.to_owned(), customer.to_owned());
            self.contacts.push(Contact {
                address,
                customer,
                threads: vec![],
                wishes: vec![],
                suppressed: BTreeMap::new(),
                zone: None,
            });
        }
    }

    /// A conversation that nobody holds yet, on its thread.
    pub fn open_conversation(
        &mut self,
        channel: &str,
        entry_point: &str,
        address: &str,
        customer: &str,
        outbound: bool,
    ) {
        let (id, previous) = (self.step, self.latest_at(address, entry_point));
        self.conversations.push(Conversation {
            id,
            rank: self.rank.clone(),
            channel: channel.to_owned(),
            entry_point: entry_point.to_owned(),
            address: address.to_owned(),
            customer: customer.to_owned(),
            outbound,
            previous,
            task: Task::Done,
            hops: 0,
            closed: false,
            subject: None,
            messages: 0,
            newest_inbound: None,
            unsettled: vec![],
            legs: vec![],
        });
        self.make_contact(address, customer);
        let contact = self.contact_mut(address);
        contact.threads.retain_mut(|it| {
            if it.entry_point == entry_point {
                it.open = Some(id);
                it.latest = id;
            }
            true
        });
        if !contact.threads.iter().any(|it| it.entry_point == entry_point) {
            contact.threads.push(Thread { entry_point: entry_point.to_owned(), open: Some(id), latest: id });
        }
    }

    pub fn start(
        &mut self,
        agent: &str,
        channel: &str,
        entry_point: &str,
        to: &str,
        customer: Option<String>,
        conflict: &str,
    ) -> Outcome {
        let class = class_of(channel);
        let outbound_channel = channel == "sms" || channel == "email";
        let mut no = Codes::new();
        if !outbound_channel {
            no.insert("channel.not_outbound");
        }
        match self.setup.agent(agent) {
            None => {
                no.insert("agent.unknown");
            }
            Some(known) => {
                if known.licence != "premium" {
                    no.insert("licence.not_premium");
                }
                if !known.digital_access {
                    no.insert("licence.no_digital_access");
                }
                if !self.setup.organization.digital_channels {
                    no.insert("organization.not_digital");
                }
                if self.team(agent).is_none() {
                    no.insert("agent.signed_out");
                } else {
                    if self.state_of(agent, class).0.starts_with("idle") {
                        no.insert("agent.idle");
                    }
                    if self.profile(agent).is_none() {
                        no.insert("profile.absent");
                    }
                }
                if let Some(profile) = self.profile(agent) {
                    let limit = profile.limit(class);
                    if limit.slots == 0 {
                        no.insert("profile.channel_not_allowed");
                    } else {
                        if self.used(agent, class) >= limit.slots {
                            no.insert("capacity.full");
                        }
                        if limit.outbound.is_some_and(|most| self.used_outbound(agent, class) >= most.min(limit.slots))
                        {
                            no.insert("capacity.outbound_full");
                        }
                    }
                }
            }
        }
        if !outbound_channel {
            return Err(no);
        }
        if !self.setup.entry_points.iter().any(|it| it.channel == channel) {
            no.insert("entry_point.none_configured");
        } else {
            match self.setup.entry_point(entry_point) {
                None => {
                    no.insert("entry_point.unknown");
                }
                Some(found) => {
                    if found.channel != channel {
                        no.insert("entry_point.other_channel");
                    }
                    if found.enabled == Some(false) {
                        no.insert("entry_point.disabled");
                    }
                }
            }
        }
        let address = match address(channel, to) {
            Ok(address) => address,
            Err(code) => {
                no.insert(code);
                return Err(no);
            }
        };
        if self.is_another(&address, &customer) {
            no.insert("customer.mismatch");
        }
        no.extend(self.why_not_written(&address, entry_point, customer.as_deref()));
        let open = self.open_at(&address, entry_point);
        let task = open.map(|open| self.conversation(open).task.clone());
        match (open, &task, conflict) {
            (Some(_), _, "refuse") => {
                no.insert("conversation.exists");
            }
            (Some(open), Some(task), "take_over") => {
                if !matches!(task, Task::Queued { .. } | Task::Parked { .. }) {
                    no.insert("conversation.held");
                }
                if self.owes_wrap_up(agent, open).is_some() {
                    no.insert("target.wraps_up");
                }
            }
            (Some(_), Some(Task::Active { agent: holder, asked, .. }), _) => {
                if holder == agent {
                    no.insert("conversation.held");
                }
                if asked.as_ref().is_some_and(|asked| asked.expires > self.now) {
                    no.insert("handover.pending");
                }
            }
            (Some(_), _, _) => {
                no.insert("conversation.held");
            }
            (None, _, _) => {}
        }
        let speaks = self.setup.entry_points.iter().any(|it| it.channel == channel)
            && self.setup.entry_point(entry_point).is_some();
        if self.setup.agent(agent).is_some() && self.presence(agent).is_some() && speaks {
            no.extend(host::why_not_started(agent, entry_point, &address));
        }
        if !no.is_empty() {
            return Err(no);
        }
        let (now, step) = (self.now, self.step);
        let active = Task::Active { agent: agent.to_owned(), since: now, asked: None };
        let Some(open) = open else {
            let customer = self.customer_at(&address, customer);
            self.open_conversation(channel, entry_point, &address, &customer, true);
            self.conversation(step).task = active;
            self.take_slot(agent, class, true, Held::Task(step));
            return Ok(Answer::Opened);
        };
        if conflict == "take_over" {
            let outbound = self.conversation(open).outbound;
            self.conversation(open).task = active;
            self.take_slot(agent, class, outbound, Held::Task(open));
            return Ok(Answer::TookOver);
        }
        let expires = now + self.setup.organization.timings.handover_seconds * SECOND;
        if let Task::Active { asked, .. } = &mut self.conversation(open).task {
            *asked = Some(Offer { id: step, to: agent.to_owned(), expires });
        }
        Ok(Answer::Asked)
    }

    /// R41, R42, R47: why an agent may not work on a conversation.
    pub fn why_not_hold(&self, agent: &str, conversation: usize) -> Codes {
        let of = self.conversations.iter().find(|it| it.id == conversation).unwrap();
        let no = match &of.task {
            _ if of.closed => Some("conversation.closed"),
            Task::Active { agent: holder, .. } | Task::Frozen { agent: holder, .. } if holder != agent => {
                Some("task.not_yours")
            }
            Task::Active { .. } => None,
            Task::Frozen { .. } => Some("task.frozen"),
            _ => Some("task.not_active"),
        };
        no.into_iter().collect()
    }

    /// The work of the one who held it is over.
    fn end_leg(&mut self, conversation: usize) {
        let of = self.conversation(conversation);
        if let Task::Active { agent, .. } | Task::Frozen { agent, .. } = &of.task {
            let agent = agent.clone();
            of.legs.push((agent, None));
        }
    }

    /// Where a task goes: to the wished queue, if it is there and takes the channel, else to the entry point's, else to the last.
    fn home(&mut self, conversation: usize, wished: Option<&str>) -> String {
        let of = self.conversation(conversation).clone();
        let wished = wished.and_then(|it| self.setup.queue(it)).filter(|it| it.channels.contains(&of.channel));
        let own = self.setup.entry_point(&of.entry_point).map(|it| it.queue.clone());
        wished.map(|it| it.id.clone()).or(own).unwrap_or_else(|| self.setup.organization.fallback_queue.clone())
    }

    fn queue(&mut self, conversation: usize, queue: String, since: i64) {
        self.end_leg(conversation);
        self.conversation(conversation).task = Task::Queued { queue, since };
    }

    fn offer_of(&mut self, conversation: usize) -> Option<Offer> {
        match &self.conversation(conversation).task {
            Task::Offered { offer, .. } | Task::Frozen { transfer: offer, .. } => Some(offer.clone()),
            _ => None,
        }
    }

    /// R49: the one who was asked is free again.
    fn release(&mut self, conversation: usize, target: &str, why: &str) {
        let class = class_of(&self.conversation(conversation).channel).to_owned();
        self.free_slot(target, conversation);
        if why == "timed out" {
            self.set_after_offer(target, &class, "rona");
        }
        if why == "declined" {
            let state = format!("idle {}", self.setup.organization.declined_idle_reason);
            self.set_after_offer(target, &class, &state);
        }
    }

    /// R49: an offer that came to nothing.
    pub fn end_offer(&mut self, conversation: usize, why: &str) {
        let Some(offer) = self.offer_of(conversation) else { return };
        self.release(conversation, &offer.to, why);
        match self.conversation(conversation).task.clone() {
            Task::Frozen { agent, since, .. } => {
                self.presence_mut(&agent).transferring = None;
                self.conversation(conversation).task = Task::Active { agent, since, asked: None };
            }
            Task::Offered { queue, since, .. } => {
                let queue = self.home(conversation, Some(&queue));
                self.queue(conversation, queue, since);
            }
            _ => {}
        }
    }

    /// R21: the holder is gone; the task waits again.
    pub fn take_from_agent(&mut self, conversation: usize, agent: &str) {
        if let Task::Frozen { transfer, .. } = self.conversation(conversation).task.clone() {
            self.release(conversation, &transfer.to, "overtaken");
            self.presence_mut(agent).transferring = None;
        }
        self.free_slot(agent, conversation);
        let queue = self.home(conversation, None);
        self.queue(conversation, queue, self.now);
    }

    pub fn close(&mut self, agent: Option<String>, conversation: usize) -> Outcome {
        if !self.has(conversation) {
            return refused(&["conversation.unknown"]);
        }
        match agent {
            Some(agent) => {
                let no = self.why_not_hold(&agent, conversation);
                if !no.is_empty() {
                    return Err(no);
                }
                self.begin_wrap_up(&agent, conversation);
                self.end_leg(conversation);
                self.conversation(conversation).task = Task::WrapUp { agent };
            }
            None => {
                let of = self.conversation(conversation).clone();
                if of.closed {
                    return refused(&["conversation.closed"]);
                }
                if matches!(of.task, Task::Active { .. } | Task::Frozen { .. }) {
                    return refused(&["task.held_by_agent"]);
                }
                if let Some(offer) = self.offer_of(conversation) {
                    self.release(conversation, &offer.to, "overtaken");
                }
                self.conversation(conversation).task = Task::Done;
            }
        }
        self.close_thread(conversation);
        Ok(Answer::Done)
    }

    /// R39: the key is free.
    pub fn close_thread(&mut self, conversation: usize) {
        let of = self.conversation(conversation);
        of.closed = true;
        let (address, entry_point) = (of.address.clone(), of.entry_point.clone());
        for thread in &mut self.contact_mut(&address).threads {
            if thread.entry_point == entry_point {
                thread.open = None;
            }
        }
    }

    pub fn transfer(&mut self, agent: &str, conversation: usize, to: To) -> Outcome {
        let mut no = Codes::new();
        if self.setup.agent(agent).is_none() {
            no.insert("agent.unknown");
        }
        if !self.has(conversation) {
            no.insert("conversation.unknown");
            return Err(no);
        }
        no.extend(self.why_not_hold(agent, conversation));
        if self.presence(agent).is_some_and(|it| it.transferring.is_some()) {
            no.insert("transfer.pending");
        }
        let of = self.conversation(conversation).clone();
        if of.hops >= self.setup.organization.max_transfers {
            no.insert("transfer.hop_limit");
        }
        let class = class_of(&of.channel).to_owned();
        let now = self.now;
        match to {
            To::Agent(target) => {
                if self.setup.agent(&target).is_none() {
                    no.insert("target.unknown");
                } else if target != agent {
                    no.extend(self.why_not_asked(&target, conversation, &class));
                }
                if target == agent {
                    no.insert("transfer.to_self");
                }
                if self.setup.agent(agent).is_some() && self.setup.agent(&target).is_some() {
                    no.extend(host::why_not_transferred(agent, &of.address, Some(&target)));
                }
                if !no.is_empty() {
                    return Err(no);
                }
                let expires = now + self.setup.organization.timings.offer_seconds * SECOND;
                let transfer = Offer { id: self.step, to: target.clone(), expires };
                self.take_slot(&target, &class, of.outbound, Held::Offer(conversation));
                self.presence_mut(agent).transferring = Some(conversation);
                if let Task::Active { agent, since, .. } = of.task {
                    self.conversation(conversation).task = Task::Frozen { agent, since, transfer };
                }
                Ok(Answer::Offered { conversation, to: target, expires })
            }
            To::Queue(queue) => {
                match self.setup.queue(&queue) {
                    None => {
                        no.insert("queue.unknown");
                    }
                    Some(found) if !found.channels.contains(&of.channel) => {
                        no.insert("queue.other_channel");
                    }
                    Some(_) => {}
                }
                if self.setup.agent(agent).is_some() && self.setup.queue(&queue).is_some() {
                    no.extend(host::why_not_transferred(agent, &of.address, None));
                }
                if !no.is_empty() {
                    return Err(no);
                }
                self.queue(conversation, queue.clone(), now);
                self.conversation(conversation).hops += 1;
                self.begin_wrap_up(agent, conversation);
                Ok(Answer::Queued(queue))
            }
        }
    }

    pub fn cancel(&mut self, agent: &str, conversation: usize) -> Outcome {
        if !self.has(conversation) {
            return refused(&["conversation.unknown"]);
        }
        match self.conversation(conversation).task.clone() {
            Task::Frozen { agent: holder, .. } if holder == agent => {
                self.end_offer(conversation, "cancelled");
                Ok(Answer::Done)
            }
            Task::Frozen { .. } => refused(&["task.not_yours"]),
            _ => refused(&["transfer.not_pending"]),
        }
    }

    /// R49: why an offer cannot be answered.
    fn why_not_answered(&mut self, agent: &str, conversation: usize, offer: usize) -> Codes {
        if !self.has(conversation) {
            return ["conversation.unknown"].into();
        }
        let Some(pending) = self.offer_of(conversation).filter(|it| it.id == offer) else {
            return ["offer.not_pending"].into();
        };
        let mut no = Codes::new();
        if pending.to != agent {
            no.insert("offer.not_yours");
        }
        if self.now >= pending.expires {
            no.insert("offer.lapsed");
        }
        no
    }

    pub fn accept(&mut self, agent: &str, conversation: usize, offer: usize) -> Outcome {
        let no = self.why_not_answered(agent, conversation, offer);
        if !no.is_empty() {
            return Err(no);
        }
        let of = self.conversation(conversation).clone();
        let unfit = self.why_not_taken(agent, conversation, class_of(&of.channel), of.outbound, true);
        if !unfit.is_empty() {
            self.end_offer(conversation, "lost capacity");
            return Ok(Answer::Withdrawn(unfit.iter().map(|it| (*it).to_owned()).collect()));
        }
        self.change_slot(agent, Held::Task(conversation));
        if let Task::Frozen { agent: sender, .. } = of.task {
            self.presence_mut(&sender).transferring = None;
            self.begin_wrap_up(&sender, conversation);
            self.pass_on(conversation, agent);
        } else {
            self.conversation(conversation).task =
                Task::Active { agent: agent.to_owned(), since: self.now, asked: None };
        }
        Ok(Answer::Taken)
    }

    /// From one agent to another.
    fn pass_on(&mut self, conversation: usize, to: &str) {
        self.end_leg(conversation);
        let now = self.now;
        let of = self.conversation(conversation);
        of.hops += 1;
        of.task = Task::Active { agent: to.to_owned(), since: now, asked: None };
    }

    pub fn decline(&mut self, agent: &str, conversation: usize, offer: usize) -> Outcome {
        let no = self.why_not_answered(agent, conversation, offer);
        if !no.is_empty() {
            return Err(no);
        }
        self.end_offer(conversation, "declined");
        Ok(Answer::Declined)
    }

    pub fn answer_handover(&mut self, agent: &str, conversation: usize, request: usize, give: bool) -> Outcome {
        if !self.has(conversation) {
            return refused(&["conversation.unknown"]);
        }
        let mut no = self.why_not_hold(agent, conversation);
        let of = self.conversation(conversation).clone();
        let asked = match of.task {
            Task::Active { asked: Some(asked), .. } if asked.id == request => asked,
            _ => {
                no.insert("handover.not_asked");
                return Err(no);
            }
        };
        if self.now >= asked.expires {
            no.insert("offer.lapsed");
        }
        if !no.is_empty() {
            return Err(no);
        }
        let unfit = self.why_not_taken(&asked.to, conversation, class_of(&of.channel), of.outbound, false);
        if let Task::Active { asked, .. } = &mut self.conversation(conversation).task {
            *asked = None;
        }
        if !give {
            return Ok(Answer::Declined);
        }
        if !unfit.is_empty() {
            return Ok(Answer::Withdrawn(unfit.iter().map(|it| (*it).to_owned()).collect()));
        }
        self.take_slot(&asked.to, class_of(&of.channel), of.outbound, Held::Task(conversation));
        self.begin_wrap_up(agent, conversation);
        self.pass_on(conversation, &asked.to);
        Ok(Answer::Taken)
    }

    pub fn park(&mut self, agent: &str, conversation: usize, until: i64, queue: Option<String>) -> Outcome {
        if !self.has(conversation) {
            return refused(&["conversation.unknown"]);
        }
        let mut no = self.why_not_hold(agent, conversation);
        if until <= self.now || until > self.now + self.setup.organization.timings.max_park_seconds * SECOND {
            no.insert("parking.time_not_allowed");
        }
        let channel = self.conversation(conversation).channel.clone();
        match queue.as_deref().map(|it| self.setup.queue(it)) {
            Some(None) => {
                no.insert("queue.unknown");
            }
            Some(Some(found)) if !found.channels.contains(&channel) => {
                no.insert("queue.other_channel");
            }
            _ => {}
        }
        if !no.is_empty() {
            return Err(no);
        }
        self.free_slot(agent, conversation);
        let queue = self.home(conversation, queue.as_deref());
        self.end_leg(conversation);
        self.conversation(conversation).task = Task::Parked { by: agent.to_owned(), queue, until };
        Ok(Answer::Done)
    }

    /// B13: who parked it is asked first.
    pub fn wake(&mut self, conversation: usize) {
        let of = self.conversation(conversation).clone();
        let Task::Parked { by, queue, .. } = of.task else { return };
        let queue = self.home(conversation, Some(&queue));
        let can =
            self.setup.agent(&by).is_some() && self.why_not_asked(&by, conversation, class_of(&of.channel)).is_empty();
        if can {
            self.offer_from_queue(conversation, queue, self.now, &by);
        } else {
            self.queue(conversation, queue, self.now);
        }
    }

    fn offer_from_queue(&mut self, conversation: usize, queue: String, since: i64, to: &str) -> i64 {
        let of = self.conversation(conversation).clone();
        let usual = self.setup.organization.timings.offer_seconds;
        let seconds = self.setup.queue(&queue).and_then(|it| it.offer_seconds).unwrap_or(usual);
        let expires = self.now + seconds * SECOND;
        let offer = Offer { id: self.step, to: to.to_owned(), expires };
        self.take_slot(to, class_of(&of.channel), of.outbound, Held::Offer(conversation));
        self.conversation(conversation).task = Task::Offered { queue, since, offer };
        expires
    }

    pub fn wake_now(&mut self, conversation: usize) -> Outcome {
        if !self.has(conversation) {
            return refused(&["conversation.unknown"]);
        }
        if !matches!(self.conversation(conversation).task, Task::Parked { .. }) {
            return refused(&["parking.not_parked"]);
        }
        self.wake(conversation);
        Ok(Answer::Done)
    }

    pub fn rehome(&mut self, conversation: usize) -> Outcome {
        if !self.has(conversation) {
            return refused(&["conversation.unknown"]);
        }
        let of = self.conversation(conversation).clone();
        let mut no = Codes::new();
        if of.closed {
            no.insert("conversation.closed");
        }
        let gone = match &of.task {
            Task::Active { agent, .. } | Task::Frozen { agent, .. } => self.setup.agent(agent).is_none(),
            Task::Queued { queue, .. } | Task::Offered { queue, .. } => {
                let home = self.home(conversation, None);
                let takes = self.setup.queue(queue).map(|it| it.channels.contains(&of.channel));
                takes.is_none_or(|takes| !takes && home != *queue)
            }
            _ => false,
        };
        if !gone {
            no.insert("task.holder_present");
        }
        if !no.is_empty() {
            return Err(no);
        }
        match of.task {
            Task::Active { agent, .. } | Task::Frozen { agent, .. } => self.take_from_agent(conversation, &agent),
            Task::Queued { since, .. } | Task::Offered { since, .. } => {
                if let Some(offer) = self.offer_of(conversation) {
                    self.release(conversation, &offer.to, "overtaken");
                }
                let queue = self.home(conversation, None);
                self.queue(conversation, queue, since);
            }
            _ => {}
        }
        Ok(Answer::Done)
    }

    pub fn workflow(&mut self, agent: &str, conversation: usize, workflow: &str) -> Outcome {
        if !self.has(conversation) {
            return refused(&["conversation.unknown"]);
        }
        let mut no = self.why_not_hold(agent, conversation);
        match self.setup.workflows.iter().find(|it| it.id == workflow) {
            None => {
                no.insert("workflow.unknown");
            }
            Some(found) if found.trigger != "manual" => {
                no.insert("workflow.event_only");
            }
            Some(_) => {}
        }
        if no.is_empty() { Ok(Answer::Done) } else { Err(no) }
    }

    pub fn route(&mut self, queue: &str, agent: Option<String>) -> Outcome {
        let Some(found) = self.setup.queue(queue).cloned() else { return refused(&["queue.unknown"]) };
        let mut waiting: Vec<(i64, String, i64, usize)> = Vec::new();
        for of in &self.conversations {
            if let Task::Queued { queue: held_by, since } = &of.task
                && held_by == queue
            {
                // Who waits as long, to the microsecond, waits in the order of the ids.
                waiting.push((*since / 1_000, of.rank.clone(), *since, of.id));
            }
        }
        waiting.sort();
        let Some((_, _, since, head)) = waiting.first().cloned() else { return refused(&["queue.empty"]) };
        let class = class_of(&self.conversation(head).channel).to_owned();
        let serves = |model: &Self, agent: &str| {
            let own = |team: &String| model.setup.agent(agent).is_some_and(|it| it.teams.contains(team));
            model.team(agent).is_some_and(|team| found.teams.contains(&team) && own(&team))
        };
        let target = match agent {
            Some(agent) => {
                if self.setup.agent(&agent).is_none() {
                    return refused(&["target.unknown"]);
                }
                let mut no = self.why_not_asked(&agent, head, &class);
                if self.team(&agent).is_some() && !serves(self, &agent) {
                    no.insert("target.not_in_queue");
                }
                if !no.is_empty() {
                    return Err(no);
                }
                agent
            }
            None => {
                // Whoever has been in the state the longest; of two, the first by id.
                let mut able: Vec<(i64, String)> = Vec::new();
                for agent in &self.setup.agents {
                    if serves(self, &agent.id) && self.why_not_asked(&agent.id, head, &class).is_empty() {
                        able.push((self.state_of(&agent.id, &class).1, agent.id.clone()));
                    }
                }
                able.sort();
                match able.first() {
                    Some((_, agent)) => agent.clone(),
                    None => return refused(&["queue.no_agent"]),
                }
            }
        };
        let expires = self.offer_from_queue(head, queue.to_owned(), since, &target);
        Ok(Answer::Offered { conversation: head, to: target, expires })
    }

    /// When something falls due by itself.
    pub fn deadline(of: &Conversation) -> Option<i64> {
        match &of.task {
            Task::Offered { offer, .. } | Task::Frozen { transfer: offer, .. } => Some(offer.expires),
            Task::Active { asked: Some(asked), .. } => Some(asked.expires),
            Task::Parked { until, .. } => Some(*until),
            _ => None,
        }
    }

    pub fn fire_conversation(&mut self, conversation: usize) -> Outcome {
        if !self.has(conversation) {
            return Ok(Answer::Fired(0));
        }
        let of = self.conversation(conversation).clone();
        if Self::deadline(&of).is_none_or(|deadline| deadline > self.now) {
            return Ok(Answer::Fired(0));
        }
        match of.task {
            Task::Offered { .. } | Task::Frozen { .. } => self.end_offer(conversation, "timed out"),
            Task::Active { agent, since, .. } => {
                self.conversation(conversation).task = Task::Active { agent, since, asked: None };
            }
            Task::Parked { .. } => self.wake(conversation),
            _ => {}
        }
        Ok(Answer::Fired(1))
    }
}
