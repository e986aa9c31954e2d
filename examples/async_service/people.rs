//! Who uses the service: agents at their screens, customers, and the machines of the host. Each is a task of its own.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use outbound::command::{
    Accept, AnswerHandover, BeginInteraction, CancelTransfer, Close, Decline, EndInteraction, InteractionHow,
    OnConflict, Park, ReceiveMessage, RecoverFromRona, RouteNext, SendMessage, SetState, SignIn, StartOutbound, Target,
    Transfer, WrapUp,
};
use outbound::model::{
    AgentId, By, Channel, ChosenState, ConversationId, IdError, MediaClass, Occupant, Presence, State, TaskState,
    Wording,
};
use outbound::port::NoMedia;
use outbound::query::{HeldTask, Overview};
use tokio::time::sleep;

use crate::centre::{Centre, lock, now};
use crate::chance::Chance;
use crate::organization::{CUSTOMERS, ENTRY_POINTS, QUEUES, agents, number_of};

pub(crate) async fn sign_in(centre: &Centre, chance: &mut Chance) {
    let terms = centre.desk.terms();
    for agent in terms.directory().agents() {
        let Some(team) = agent.teams().next() else { continue };
        let state = ChosenState::Available;
        centre.run(chance, &SignIn { agent: agent.id().clone(), team: team.id().clone(), state }).await;
    }
}

/// One screen of an agent: looks at what is there, does something about one of it, and looks again.
pub(crate) async fn agent(centre: Arc<Centre>, me: AgentId, mut chance: Chance) {
    let mut screen = Screen { centre: &centre, me, chance: &mut chance };
    while screen.centre.is_open() {
        // An id that cannot be parsed would be a mistake in this file; nothing depends on it.
        let _ = screen.work().await;
        sleep(Duration::from_millis(5)).await;
    }
}

struct Screen<'a> {
    centre: &'a Centre,
    me: AgentId,
    chance: &'a mut Chance,
}

impl Screen<'_> {
    async fn work(&mut self) -> Result<(), IdError> {
        let Ok(overview) = self.centre.desk.ask(&Overview { agent: self.me.clone() }).await else { return Ok(()) };
        match self.chance.pick(&overview.tasks).cloned() {
            Some(task) if !self.chance.one_in(3) => self.work_on(task).await,
            _ if self.chance.one_in(20) => self.phone().await,
            _ if self.chance.one_in(3) => self.be_available(overview.presence.as_ref()).await,
            _ => self.start().await,
        }
    }

    /// Any customer will do, whoever talks to them already.
    async fn start(&mut self) -> Result<(), IdError> {
        let from = self.chance.pick(&ENTRY_POINTS).copied().unwrap_or_default().parse()?;
        let to = number_of(self.chance.below(CUSTOMERS));
        let choices = [OnConflict::Refuse, OnConflict::Refuse, OnConflict::TakeOver, OnConflict::AskHolder];
        let on_conflict = self.chance.pick(&choices).copied().unwrap_or_default();
        let start = StartOutbound::new(self.me.clone(), Channel::Sms, from, to).on_conflict(on_conflict);
        self.centre.run(self.chance, &start).await;
        Ok(())
    }

    async fn work_on(&mut self, HeldTask { occupant, task }: HeldTask) -> Result<(), IdError> {
        let (agent, conversation) = (self.me.clone(), task.conversation);
        match (occupant, task.state) {
            (Occupant::Offer { offer, .. }, _) => match self.chance.below(8) {
                0 => drop(self.centre.run(self.chance, &Decline { agent, conversation, offer }).await),
                1 => sleep(Duration::from_millis(200)).await,
                _ => drop(self.centre.run(self.chance, &Accept { agent, conversation, offer }).await),
            },
            (Occupant::WrapUp { .. }, _) if self.chance.one_in(2) => {
                let reason = "done".parse()?;
                self.centre.run(self.chance, &WrapUp { agent, conversation, reason }).await;
            }
            (Occupant::Task { .. }, TaskState::Active { asked: Some(asked), .. }) => {
                let give = self.chance.one_in(2);
                let answer = AnswerHandover { agent, conversation, request: asked.id, give };
                self.centre.run(self.chance, &answer).await;
            }
            (Occupant::Task { .. }, TaskState::Frozen { .. }) if self.chance.one_in(4) => {
                self.centre.run(self.chance, &CancelTransfer { agent, conversation }).await;
            }
            (Occupant::Task { .. }, _) => self.go_on(conversation).await?,
            _ => {}
        }
        Ok(())
    }

    /// Does what a holder can do; while the task is frozen, it is refused.
    async fn go_on(&mut self, conversation: ConversationId) -> Result<(), IdError> {
        let agent = self.me.clone();
        match self.chance.below(10) {
            0..=3 => {
                let message = SendMessage::new(agent, conversation, Wording::text("hello"));
                self.centre.run(self.chance, &message).await;
            }
            4 | 5 => {
                let colleagues: Vec<AgentId> = agents().collect();
                let to = self.chance.pick(&colleagues).cloned().map_or(self.queue()?, Target::Agent);
                self.centre.run(self.chance, &Transfer { agent, conversation, to }).await;
            }
            6 => {
                let to = self.queue()?;
                self.centre.run(self.chance, &Transfer { agent, conversation, to }).await;
            }
            7 => {
                let until = now() + TimeDelta::milliseconds(500);
                self.centre.run(self.chance, &Park { agent, conversation, until, queue: None }).await;
            }
            _ => {
                self.centre.run(self.chance, &Close { by: By::Agent(agent), conversation }).await;
            }
        }
        Ok(())
    }

    fn queue(&mut self) -> Result<Target, IdError> {
        Ok(Target::Queue(self.chance.pick(&QUEUES).copied().unwrap_or_default().parse()?))
    }

    async fn phone(&mut self) -> Result<(), IdError> {
        let (agent, how) = (self.me.clone(), InteractionHow::Offered);
        let call: outbound::model::InteractionId = format!("call-{}", self.chance.command_id()).parse()?;
        let begin = BeginInteraction { agent: agent.clone(), class: MediaClass::Voice, interaction: call.clone(), how };
        if self.centre.run(self.chance, &begin).await.is_some() {
            sleep(Duration::from_millis(20)).await;
            self.centre.run(self.chance, &EndInteraction { agent, interaction: call }).await;
        }
        Ok(())
    }

    async fn be_available(&mut self, presence: Option<&Presence>) -> Result<(), IdError> {
        let (agent, state) = (self.me.clone(), ChosenState::Available);
        match presence.and_then(|presence| presence.state(MediaClass::Social)).map(|standing| &standing.state) {
            Some(State::Rona) => drop(self.centre.run(self.chance, &RecoverFromRona { agent, state }).await),
            Some(State::Idle(_)) => {
                self.centre.run(self.chance, &SetState { agent, class: None, state }).await;
            }
            _ => self.start().await?,
        }
        Ok(())
    }
}

/// Writes now and then. Providers hand in the same message twice, and under one id it is one message.
pub(crate) async fn customer(centre: Arc<Centre>, number: usize, mut chance: Chance) {
    for nth in 0.. {
        if !centre.is_open() {
            return;
        }
        let name = format!("in-{number}-{nth}");
        if write(&centre, number, &name, &mut chance).await.is_ok() {
            lock(&centre.handed_in).insert(name);
        }
        sleep(Duration::from_millis(20)).await;
    }
}

async fn write(centre: &Centre, number: usize, name: &str, chance: &mut Chance) -> Result<(), IdError> {
    // Each number writes to one entry point, since a provider's id counts within its entry point.
    let to = ENTRY_POINTS.get(number % ENTRY_POINTS.len()).copied().unwrap_or_default();
    let message = ReceiveMessage::text(to.parse()?, number_of(number), name.parse()?, "hello?");
    centre.run(chance, &message).await;
    if chance.one_in(5) {
        centre.run(chance, &message).await;
    }
    Ok(())
}

/// Finds an agent for what waits.
pub(crate) async fn router(centre: Arc<Centre>, mut chance: Chance) {
    while centre.is_open() {
        for queue in QUEUES {
            if let Ok(queue) = queue.parse() {
                centre.run(&mut chance, &RouteNext { queue, agent: None }).await;
            }
        }
        sleep(Duration::from_millis(5)).await;
    }
}

/// Sends what is due. There are two of it, which share the work.
pub(crate) async fn pump(centre: Arc<Centre>, mut chance: Chance) {
    while centre.is_open() {
        if deliver(&centre, &mut chance).await == 0 {
            sleep(Duration::from_millis(10)).await;
        }
    }
}

/// Answers how many messages were looked at.
async fn deliver(centre: &Centre, chance: &mut Chance) -> usize {
    let pumped = centre.desk.deliver_due(chance.command_id(), &centre.provider, &NoMedia, 64).await;
    centre.tally.count("(pump)", pumped).map_or(0, |pumped| pumped.messages.len())
}

/// Fires what is due.
pub(crate) async fn timer(centre: Arc<Centre>) {
    while centre.is_open() {
        centre.tally.count("(timer)", centre.desk.fire_due(1_000).await);
        sleep(Duration::from_millis(25)).await;
    }
}

/// Everybody is gone: offers and wrap-ups lapse, and the outbox empties.
pub(crate) async fn settle(centre: &Centre) {
    let mut chance = Chance::new(0);
    for _ in 0..12 {
        sleep(Duration::from_millis(200)).await;
        while deliver(centre, &mut chance).await > 0 {}
        centre.tally.count("(timer)", centre.desk.fire_due(1_000).await);
    }
}
