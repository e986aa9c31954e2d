//! The blocking driver.

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
use crate::port::{Clock, CommitError, Delivery, Failure, MediaHost, Store};
use crate::record::Query;
use crate::refusal::Refusals;

/// The blocking driver: runs commands and answers questions over a [`Store`].
#[derive(Debug)]
pub struct Desk<S, C> {
    store: S,
    clock: C,
    terms: CurrentTerms,
    manners: Manners,
}

basics!(Desk over Store);

impl<S: Store, C: Clock> Desk<S, C> {
    /// Runs a command under its id. Repeating it answers the first outcome and does nothing twice (B2); a refusal is no outcome,
    /// so that a repetition is decided anew.
    ///
    /// # Errors
    /// [`Failure`]: the domain says no, or there is no answer to be had.
    pub fn run<K: Command>(&self, id: CommandId, command: &K) -> Result<K::Output, Failure<S::Error>> {
        let terms = self.terms.get();
        let mut unknown = None;
        for _ in 0..self.manners.attempts {
            let mut run = Run::new(&terms, self.clock.now(), id, command);
            let (changes, output) = loop {
                match run.step() {
                    Next::Load(reads) => match self.store.load(&reads) {
                        Ok(loaded) => run.supply(loaded),
                        Err(error) => return Err(failed(unknown.is_some(), error)),
                    },
                    Next::Commit(changes, output) => break (changes, output),
                    Next::Done(output) => return Ok(output),
                    Next::Refused(refusals) => return Err(self.refuse(&terms, id, command, refusals)),
                    Next::Fault(fault) => return Err(Failure::Fault(fault)),
                }
            };
            match self.store.commit(*changes) {
                Ok(()) => return Ok(output),
                Err(CommitError::Conflict) => {}
                Err(CommitError::Unknown(error)) => unknown = Some(error),
                Err(CommitError::Failed(error)) => return Err(failed(unknown.is_some(), error)),
            }
        }
        Err(unknown.map_or(Failure::Contention(self.manners.attempts), Failure::Unknown))
    }

    fn refuse<K: Command>(
        &self,
        terms: &Terms,
        id: CommandId,
        command: &K,
        refusals: Box<Refusals>,
    ) -> Failure<S::Error> {
        if self.manners.audit == Audit::Refusals {
            let cx = Context::new(terms, self.clock.now(), id);
            let changes: Changes = refused_attempt(&cx, K::NAME, command.actor(), &refusals);
            match self.store.commit(changes) {
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
    pub fn ask<Q: Question>(&self, question: &Q) -> Result<Q::Answer, Failure<S::Error>> {
        let terms = self.terms.get();
        let mut inquiry = Inquiry::new(&terms, self.clock.now(), question);
        loop {
            match inquiry.step() {
                Reply::Load(reads) => inquiry.supply(self.store.load(&reads).map_err(Failure::Store)?),
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
    pub fn explain<K: Command>(&self, command: &K) -> Result<Explanation, Failure<S::Error>> {
        self.ask(&Explain(command))
    }

    /// Fires what is due by now, at `limit` records at most: offers, requests, parkings, wrap-ups, in the order of their
    /// deadlines. What cannot be fired does not keep the rest from it, and does not count.
    ///
    /// # Errors
    /// [`Failure`] where the store fails at once. Where it fails on the way, the answer tells what was fired until then, and why it
    /// ended.
    pub fn fire_due(&self, limit: usize) -> Result<Swept, Failure<S::Error>> {
        let mut sweeping = Sweeping::new(self.clock.now(), limit);
        while let Some(query) = sweeping.next_page() {
            let due = match self.store.load(&asking(&query)) {
                Ok(loaded) => answered(loaded),
                Err(error) => return sweeping.until(Failure::Store(error)),
            };
            sweeping.found(&due);
            for entry in due {
                let (id, command) = sweeping.firing(&entry);
                match self.run(id, &command) {
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
    pub fn deliver_due(
        &self,
        id: CommandId,
        delivery: &(impl Delivery + ?Sized),
        media: &(impl MediaHost + ?Sized),
        limit: usize,
    ) -> Result<Pumped, Failure<S::Error>> {
        let mut pumping = Pumping::new(id, limit);
        loop {
            let query = Query::outbox(self.clock.now(), pumping.ask_for());
            let due = match self.store.load(&asking(&query)) {
                Ok(loaded) => answered(loaded),
                Err(error) => return pumping.until(Failure::Store(error)),
            };
            let before = pumping.tried();
            for entry in &due {
                let Some(turn) = pumping.turn(entry) else { continue };
                if let Err(failure) = self.deliver(&turn, delivery, media, &mut pumping) {
                    return pumping.until(failure);
                }
            }
            if pumping.tried() == before {
                return Ok(pumping.end());
            }
        }
    }

    /// Claims one message, sends it, and writes down the answer. Fails where the store does.
    fn deliver(
        &self,
        turn: &Turn,
        delivery: &(impl Delivery + ?Sized),
        media: &(impl MediaHost + ?Sized),
        pumping: &mut Pumping,
    ) -> Result<(), Failure<S::Error>> {
        let message = turn.message;
        let dispatch = match self.run(turn.claiming, &ClaimDispatch { message }) {
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
        let hosted = images_of(&dispatch).try_for_each(|image| media.host(image));
        let result: SendResult = answer_of(hosted).unwrap_or_else(|| delivery.send(&dispatch));
        let record = RecordAttempt { message, attempt: dispatch.attempt, result };
        let recorded = self.run(turn.recording, &record);
        pumping.note(turn, PumpedHow::attempted(record, &recorded));
        match recorded {
            Err(failure @ Failure::Store(_)) => Err(failure),
            _ => Ok(()),
        }
    }
}
