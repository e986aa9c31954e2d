//! The asynchronous driver: the blocking one with `await`.

use std::sync::{Arc, RwLock};

use super::outbox::{Pumped, PumpedHow, Pumping, Turn, answer_of, images_of};
use super::sweep::{Sweeping, Swept};
use super::{Audit, CurrentTerms, Manners, OtherOrganization, answered, asking, failed};
use crate::command::{ClaimDispatch, RecordAttempt};
use crate::directory::Directory;
use crate::engine::{
    Changes, Command, Context, Explain, Explanation, Inquiry, Next, Question, Reply, Run, Terms, refused_attempt,
};
use crate::model::{CommandId, SendResult};
use crate::port::{AsyncDelivery, AsyncMediaHost, AsyncStore, Clock, CommitError, Failure};
use crate::record::Query;
use crate::refusal::Refusals;

/// The asynchronous driver: runs commands and answers questions over an [`AsyncStore`]. Its futures are `Send`.
///
/// Dropping a future before its commit changes nothing; during the commit the outcome is unknown, and the same command under
/// the same id tells.
#[derive(Debug)]
pub struct AsyncDesk<S, C> {
    store: S,
    clock: C,
    terms: CurrentTerms,
    manners: Manners,
}

basics!(AsyncDesk over AsyncStore);

impl<S: AsyncStore, C: Clock> AsyncDesk<S, C> {
    /// Runs a command under its id. Repeating it answers the first outcome and does nothing twice (B2); a refusal is no outcome,
    /// so that a repetition is decided anew.
    ///
    /// # Errors
    /// [`Failure`]: the domain says no, or there is no answer to be had.
    pub async fn run<K: Command>(&self, id: CommandId, command: &K) -> Result<K::Output, Failure<S::Error>> {
        let terms = self.terms.get();
        let mut unknown = None;
        for _ in 0..self.manners.attempts {
            let mut run = Run::new(&terms, self.clock.now(), id, command);
            let (changes, output) = loop {
                match run.step() {
                    Next::Load(reads) => match self.store.load(&reads).await {
                        Ok(loaded) => run.supply(loaded),
                        Err(error) => return Err(failed(unknown.is_some(), error)),
                    },
                    Next::Commit(changes, output) => break (changes, output),
                    Next::Done(output) => return Ok(output),
                    Next::Refused(refusals) => return Err(self.refuse(&terms, id, command, refusals).await),
                    Next::Fault(fault) => return Err(Failure::Fault(fault)),
                }
            };
            match self.store.commit(*changes).await {
                Ok(()) => return Ok(output),
                Err(CommitError::Conflict) => {}
                Err(CommitError::Unknown(error)) => unknown = Some(error),
                Err(CommitError::Failed(error)) => return Err(failed(unknown.is_some(), error)),
            }
        }
        Err(unknown.map_or(Failure::Contention(self.manners.attempts), Failure::Unknown))
    }

    async fn refuse<K: Command>(
        &self,
        terms: &Terms,
        id: CommandId,
        command: &K,
        refusals: Box<Refusals>,
    ) -> Failure<S::Error> {
        if self.manners.audit == Audit::Refusals {
            let cx = Context::new(terms, self.clock.now(), id);
            let changes: Changes = refused_attempt(&cx, K::NAME, command.actor(), &refusals);
            match self.store.commit(changes).await {
                Ok(()) | Err(CommitError::Conflict | CommitError::Unknown(_)) => {}
                Err(CommitError::Failed(error)) => return Failure::Store(error),
            }
        }
        Failure::Refused(refusals)
    }

    /// Answers a question.
    ///
    /// # Errors
    /// [`Failure`]: the question names what does not exist, or there is no answer to be had.
    pub async fn ask<Q: Question + Sync>(&self, question: &Q) -> Result<Q::Answer, Failure<S::Error>> {
        let terms = self.terms.get();
        let mut inquiry = Inquiry::new(&terms, self.clock.now(), question);
        loop {
            match inquiry.step() {
                Reply::Load(reads) => inquiry.supply(self.store.load(&reads).await.map_err(Failure::Store)?),
                Reply::Answer(answer) => return Ok(answer),
                Reply::Refused(refusals) => return Err(Failure::Refused(refusals)),
                Reply::Fault(fault) => return Err(Failure::Fault(fault)),
            }
        }
    }

    /// Says what a command would do, check by check, without doing it (B3).
    ///
    /// # Errors
    /// [`Failure`] where there is no answer to be had; a command that would be refused is an answer.
    pub async fn explain<K: Command>(&self, command: &K) -> Result<Explanation, Failure<S::Error>> {
        self.ask(&Explain(command)).await
    }

    /// Fires what is due by now, at `limit` records at most: offers, requests, parkings, wrap-ups, in the order of their
    /// deadlines. What cannot be fired does not keep the rest from it, and does not count.
    ///
    /// # Errors
    /// [`Failure`] where the store fails at once. Where it fails on the way, the answer tells what was fired until then, and why it
    /// ended.
    pub async fn fire_due(&self, limit: usize) -> Result<Swept, Failure<S::Error>> {
        let mut sweeping = Sweeping::new(self.clock.now(), limit);
        while let Some(query) = sweeping.next_page() {
            let due = match self.store.load(&asking(&query)).await {
                Ok(loaded) => answered(loaded),
                Err(error) => return sweeping.until(Failure::Store(error)),
            };
            sweeping.found(&due);
            for entry in due {
                let (id, command) = sweeping.firing(&entry);
                match self.run(id, &command).await {
                    Ok(fired) => sweeping.note(&entry, fired),
                    Err(failure @ Failure::Store(_)) => return sweeping.until(failure),
                    Err(failure) => sweeping.note_stuck(&entry, &failure),
                }
            }
        }
        Ok(sweeping.end())
    }

    /// Sends what is due in the outbox, at most `limit` messages: claims each, sends it, writes down the answer. Messages of one
    /// conversation leave in their order. The answer tells what came of each.
    ///
    /// The id must be new with every call. Several callers share the work without sending anything twice; a caller that dies
    /// loses nothing, since its claims lapse and the messages go again under the same idempotency keys. One caller sends one message
    /// after the other: where a provider takes 200 ms, five in a second, and ten callers ten times as many.
    ///
    /// # Errors
    /// [`Failure`] where the store fails at once. Where it fails on the way, the answer tells what was done until then, and why
    /// it ended.
    pub async fn deliver_due(
        &self,
        id: CommandId,
        delivery: &impl AsyncDelivery,
        media: &impl AsyncMediaHost,
        limit: usize,
    ) -> Result<Pumped, Failure<S::Error>> {
        let mut pumping = Pumping::new(id, limit);
        loop {
            let query = Query::outbox(self.clock.now(), pumping.ask_for());
            let due = match self.store.load(&asking(&query)).await {
                Ok(loaded) => answered(loaded),
                Err(error) => return pumping.until(Failure::Store(error)),
            };
            let before = pumping.tried();
            for entry in &due {
                let Some(turn) = pumping.turn(entry) else { continue };
                if let Err(failure) = self.deliver(&turn, delivery, media, &mut pumping).await {
                    return pumping.until(failure);
                }
            }
            if pumping.tried() == before {
                return Ok(pumping.end());
            }
        }
    }

    /// Claims one message, sends it, and writes down the answer. Fails where the store does.
    async fn deliver(
        &self,
        turn: &Turn,
        delivery: &impl AsyncDelivery,
        media: &impl AsyncMediaHost,
        pumping: &mut Pumping,
    ) -> Result<(), Failure<S::Error>> {
        let message = turn.message;
        let dispatch = match self.run(turn.claiming, &ClaimDispatch { message }).await {
            Ok(claimed) => match PumpedHow::ended(claimed) {
                Ok(how) => {
                    pumping.note(turn, how);
                    return Ok(());
                }
                Err(dispatch) => dispatch,
            },
            Err(failure @ Failure::Store(_)) => return Err(failure),
            Err(Failure::Refused(_)) => return Ok(()),
            Err(failure) => {
                pumping.note(turn, PumpedHow::unclaimed(&failure));
                return Ok(());
            }
        };
        let mut hosted = Ok(());
        for image in images_of(&dispatch) {
            hosted = match hosted {
                Ok(()) => media.host(image).await,
                problem => problem,
            };
        }
        let result: SendResult = match answer_of(hosted) {
            Some(postponed) => postponed,
            None => delivery.send(&dispatch).await,
        };
        let record = RecordAttempt { message, attempt: dispatch.attempt, result };
        let recorded = self.run(turn.recording, &record).await;
        pumping.note(turn, PumpedHow::attempted(record, &recorded));
        match recorded {
            Err(failure @ Failure::Store(_)) => Err(failure),
            _ => Ok(()),
        }
    }
}
