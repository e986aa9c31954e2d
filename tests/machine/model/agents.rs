//! Agents: signing in and out, states, slots, and who can be asked.

use super::setup::Profile;
use super::{Answer, CLASSES, Codes, Held, Model, Outcome, Presence, SECOND, Slot, Task, refused};

fn state(idle: Option<String>) -> String {
    idle.map_or_else(|| "available".to_owned(), |reason| format!("idle {reason}"))
}

fn place(class: &str) -> usize {
    CLASSES.iter().position(|it| *it == class).unwrap()
}

impl Model {
    /// The team that an agent is signed in to.
    pub fn team(&self, agent: &str) -> Option<String> {
        self.presence(agent).and_then(|it| it.team.clone())
    }

    pub fn profile(&self, agent: &str) -> Option<&Profile> {
        self.setup.profile_of(self.setup.agent(agent)?, self.team(agent).as_deref())
    }

    pub fn state_of(&self, agent: &str, class: &str) -> (String, i64) {
        self.presence(agent).unwrap().states[place(class)].clone()
    }

    pub fn used(&self, agent: &str, class: &str) -> usize {
        self.presence(agent).map_or(0, |it| it.slots.iter().filter(|slot| slot.class == class).count())
    }

    pub fn used_outbound(&self, agent: &str, class: &str) -> usize {
        let slots = self.presence(agent).map_or(&[][..], |it| &it.slots);
        slots.iter().filter(|slot| slot.class == class && slot.outbound).count()
    }

    fn has_idle_reason(&self, idle: &Option<String>) -> bool {
        idle.as_ref().is_none_or(|reason| self.setup.idle_reasons.iter().any(|it| it.id == *reason))
    }

    fn states_per_channel(&self, agent: &str) -> bool {
        self.profile(agent).is_some_and(|it| it.states.as_deref() == Some("channel"))
    }

    pub fn set(&mut self, agent: &str, class: Option<&str>, state: &str) {
        let now = self.now;
        for (of, standing) in CLASSES.iter().zip(&mut self.presence_mut(agent).states) {
            if class.is_none_or(|class| class == *of) {
                *standing = (state.to_owned(), now);
            }
        }
    }

    /// R49: who did not answer is in RONA, who declined is idle: on the channel, where the profile keeps states apart.
    pub fn set_after_offer(&mut self, agent: &str, class: &str, state: &str) {
        if self.team(agent).is_some() {
            let class = self.states_per_channel(agent).then_some(class);
            self.set(agent, class, state);
        }
    }

    pub fn take_slot(&mut self, agent: &str, class: &str, outbound: bool, held: Held) {
        self.presence_mut(agent).slots.push(Slot { class: class.to_owned(), outbound, held });
    }

    pub fn free_slot(&mut self, agent: &str, conversation: usize) {
        self.presence_mut(agent).slots.retain(|slot| slot.held.conversation() != Some(conversation));
    }

    pub fn change_slot(&mut self, agent: &str, held: Held) {
        for slot in &mut self.presence_mut(agent).slots {
            if slot.held.conversation() == held.conversation() {
                slot.held = held;
                return;
            }
        }
    }

    pub fn owes_wrap_up(&self, agent: &str, conversation: usize) -> Option<(i64, usize)> {
        self.presence(agent)?.slots.iter().find_map(|slot| match &slot.held {
            Held::WrapUp { conversation: of, deadline, extensions } if *of == conversation => {
                Some((*deadline, *extensions))
            }
            _ => None,
        })
    }

    /// R50: the reason is asked.
    pub fn begin_wrap_up(&mut self, agent: &str, conversation: usize) {
        let deadline = self.now + self.setup.organization.timings.wrap_up.seconds * SECOND;
        self.change_slot(agent, Held::WrapUp { conversation, deadline, extensions: 0 });
    }

    /// R50: the reason is given, or taken by default.
    pub fn end_wrap_up(&mut self, agent: &str, conversation: usize, reason: &str) {
        self.free_slot(agent, conversation);
        let of = self.conversation(conversation);
        if let Some(leg) = of.legs.iter_mut().rev().find(|(who, given)| who == agent && given.is_none()) {
            leg.1 = Some(reason.to_owned());
        }
        if (of.task == Task::WrapUp { agent: agent.to_owned() }) {
            of.task = Task::Done;
        }
    }

    pub fn sign_in(&mut self, agent: &str, team: &str, idle: Option<String>) -> Outcome {
        let Some(known) = self.setup.agent(agent) else { return refused(&["agent.unknown"]) };
        let mut no = Codes::new();
        if self.team(agent).is_some() {
            no.insert("agent.signed_in");
        }
        if !known.teams.iter().any(|it| it == team) {
            no.insert("agent.not_in_team");
        }
        if !self.has_idle_reason(&idle) {
            no.insert("agent.idle_reason_unknown");
        }
        if !no.is_empty() {
            return Err(no);
        }
        if self.presence(agent).is_none() {
            let agent = agent.to_owned();
            self.presences.push(Presence {
                agent,
                team: None,
                states: vec![(String::new(), 0); 4],
                slots: vec![],
                transferring: None,
            });
        }
        self.presence_mut(agent).team = Some(team.to_owned());
        self.set(agent, None, &state(idle));
        Ok(Answer::Done)
    }

    pub fn sign_out(&mut self, agent: &str, requeue: bool) -> Outcome {
        let slots = self.presence(agent).map_or(Vec::new(), |it| it.slots.clone());
        if self.team(agent).is_none() && slots.is_empty() {
            return refused(&["agent.signed_out"]);
        }
        if !requeue && slots.iter().any(|slot| matches!(slot.held, Held::Task(_) | Held::Interaction(_))) {
            return refused(&["agent.holds_work"]);
        }
        self.presence_mut(agent).team = None;
        for slot in slots {
            match slot.held {
                Held::Offer(conversation) => self.end_offer(conversation, "signed out"),
                Held::Task(conversation) => self.take_from_agent(conversation, agent),
                Held::WrapUp { conversation, .. } => {
                    let reason = self.setup.organization.timings.wrap_up.default_reason.clone();
                    self.end_wrap_up(agent, conversation, &reason);
                }
                held @ Held::Interaction(_) => self.presence_mut(agent).slots.retain(|slot| slot.held != held),
            }
        }
        Ok(Answer::Done)
    }

    pub fn set_state(&mut self, agent: &str, class: Option<String>, idle: Option<String>) -> Outcome {
        if self.setup.agent(agent).is_none() {
            return refused(&["agent.unknown"]);
        }
        let mut no = Codes::new();
        if !self.has_idle_reason(&idle) {
            no.insert("agent.idle_reason_unknown");
        }
        if self.team(agent).is_none() {
            no.insert("agent.signed_out");
        } else {
            if class.is_some() && !self.states_per_channel(agent) {
                no.insert("agent.state_not_per_channel");
            }
            let among = CLASSES.iter().filter(|it| class.as_deref().is_none_or(|class| class == **it));
            if among.into_iter().any(|it| self.state_of(agent, it).0 == "rona") {
                no.insert("agent.in_rona");
            }
        }
        if !no.is_empty() {
            return Err(no);
        }
        self.set(agent, class.as_deref(), &state(idle));
        Ok(Answer::Done)
    }

    pub fn recover(&mut self, agent: &str, idle: Option<String>) -> Outcome {
        if self.setup.agent(agent).is_none() {
            return refused(&["agent.unknown"]);
        }
        let mut no = Codes::new();
        if !self.has_idle_reason(&idle) {
            no.insert("agent.idle_reason_unknown");
        }
        let mut in_rona = Vec::new();
        if self.team(agent).is_none() {
            no.insert("agent.signed_out");
        } else {
            in_rona = CLASSES.iter().filter(|it| self.state_of(agent, it).0 == "rona").collect();
            if in_rona.is_empty() {
                no.insert("agent.not_in_rona");
            }
        }
        if !no.is_empty() {
            return Err(no);
        }
        for class in in_rona {
            self.set(agent, Some(class), &state(idle.clone()));
        }
        Ok(Answer::Done)
    }

    /// R24: what the blending mode says to an offer of the class.
    fn blending_lets(&self, agent: &str, class: &str) -> bool {
        let held: Vec<String> = self.presence(agent).unwrap().slots.iter().map(|it| it.class.clone()).collect();
        let real_time = |class: &str| class == "voice" || class == "chat";
        match self.profile(agent).unwrap().blending.as_str() {
            "exclusive" => held.is_empty(),
            "blended_real_time" => !real_time(class) || held.iter().all(|it| it == class || !real_time(it)),
            _ => true,
        }
    }

    pub fn begin(&mut self, agent: &str, class: &str, interaction: &str, offered: bool) -> Outcome {
        if self.setup.agent(agent).is_none() {
            return refused(&["agent.unknown"]);
        }
        if self.team(agent).is_none() {
            return refused(&["agent.signed_out"]);
        }
        let Some(profile) = self.profile(agent) else { return refused(&["profile.absent"]) };
        let limit = profile.limit(class).slots;
        let mut no = Codes::new();
        if self.presence(agent).unwrap().slots.iter().any(|it| it.held == Held::Interaction(interaction.to_owned())) {
            no.insert("interaction.known");
        }
        if offered {
            let state = self.state_of(agent, class).0;
            if state == "rona" {
                no.insert("agent.in_rona");
            }
            if state.starts_with("idle") {
                no.insert("agent.idle");
            }
            if !self.blending_lets(agent, class) {
                no.insert("capacity.blending");
            }
        }
        if limit == 0 {
            no.insert("profile.channel_not_allowed");
        } else if self.used(agent, class) >= limit {
            no.insert("capacity.full");
        }
        if !no.is_empty() {
            return Err(no);
        }
        self.take_slot(agent, class, false, Held::Interaction(interaction.to_owned()));
        Ok(Answer::Done)
    }

    pub fn end(&mut self, agent: &str, interaction: &str) -> Outcome {
        let held = Held::Interaction(interaction.to_owned());
        if !self.presence(agent).is_some_and(|it| it.slots.iter().any(|slot| slot.held == held)) {
            return refused(&["interaction.unknown"]);
        }
        self.presence_mut(agent).slots.retain(|slot| slot.held != held);
        Ok(Answer::Done)
    }

    /// R3, R5: the agent may work on the class at all.
    fn equipped(&self, agent: &str, class: &str) -> bool {
        let access = self.setup.agent(agent).is_some_and(|it| it.digital_access);
        access && self.profile(agent).is_some_and(|it| it.limit(class).slots > 0)
    }

    fn limit(&self, agent: &str, class: &str) -> usize {
        self.profile(agent).map_or(0, |it| it.limit(class).slots)
    }

    /// R46: why an agent of the set-up cannot be asked to take a conversation.
    pub fn why_not_asked(&self, agent: &str, conversation: usize, class: &str) -> Codes {
        let mut no = Codes::new();
        if self.team(agent).is_none() {
            no.insert("target.signed_out");
            return no;
        }
        if self.state_of(agent, class).0 != "available" {
            no.insert("target.not_available");
        }
        if !self.equipped(agent, class) {
            no.insert("target.not_equipped");
        }
        if self.owes_wrap_up(agent, conversation).is_some() {
            no.insert("target.wraps_up");
        }
        if self.profile(agent).is_some() {
            let limit = self.limit(agent, class);
            if limit > 0 && self.used(agent, class) + 1 > limit {
                no.insert("target.full");
            }
            if !self.blending_lets(agent, class) {
                no.insert("target.blending");
            }
        }
        no
    }

    /// R49, B4: why an agent who was asked, or who asked, can no longer take it. With a reservation the slot is held already.
    pub fn why_not_taken(
        &self,
        agent: &str,
        conversation: usize,
        class: &str,
        outbound: bool,
        reserved: bool,
    ) -> Codes {
        let mut no = Codes::new();
        if self.setup.agent(agent).is_none() {
            no.insert("target.unknown");
            return no;
        }
        if !reserved && self.owes_wrap_up(agent, conversation).is_some() {
            no.insert("target.wraps_up");
        }
        if self.team(agent).is_none() {
            no.insert("target.signed_out");
            return no;
        }
        if let (false, true, Some(profile)) = (reserved, outbound, self.profile(agent)) {
            let limit = profile.limit(class);
            if limit.outbound.is_some_and(|most| self.used_outbound(agent, class) >= most.min(limit.slots)) {
                no.insert("capacity.outbound_full");
            }
        }
        if !self.equipped(agent, class) {
            no.insert("target.not_equipped");
        }
        let limit = self.limit(agent, class);
        if limit > 0 && self.used(agent, class) + usize::from(!reserved) > limit {
            no.insert("target.full");
        }
        no
    }

    pub fn give_reason(&mut self, agent: &str, conversation: usize, reason: &str) -> Outcome {
        let mut no = Codes::new();
        if !self.setup.wrap_up_reasons.iter().any(|it| it.id == reason) {
            no.insert("wrap_up.reason_unknown");
        }
        if self.owes_wrap_up(agent, conversation).is_none() {
            no.insert("wrap_up.not_owed");
        }
        if !no.is_empty() {
            return Err(no);
        }
        self.end_wrap_up(agent, conversation, reason);
        Ok(Answer::Done)
    }

    pub fn extend(&mut self, agent: &str, conversation: usize) -> Outcome {
        let timings = self.setup.organization.timings.wrap_up.clone();
        let Some((deadline, extensions)) = self.owes_wrap_up(agent, conversation) else {
            return refused(&["wrap_up.not_owed"]);
        };
        if extensions >= timings.max_extensions {
            return refused(&["wrap_up.extensions_used"]);
        }
        let deadline = deadline.max(self.now) + timings.extension_seconds * SECOND;
        self.change_slot(agent, Held::WrapUp { conversation, deadline, extensions: extensions + 1 });
        Ok(Answer::Done)
    }

    pub fn fire_agent(&mut self, agent: &str) -> Outcome {
        let reason = self.setup.organization.timings.wrap_up.default_reason.clone();
        let slots = self.presence(agent).map_or(Vec::new(), |it| it.slots.clone());
        let mut fired = 0;
        for slot in slots {
            if let Held::WrapUp { conversation, deadline, .. } = slot.held
                && deadline <= self.now
            {
                self.end_wrap_up(agent, conversation, &reason);
                fired += 1;
            }
        }
        Ok(Answer::Fired(fired))
    }
}
