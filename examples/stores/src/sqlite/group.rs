//! Commits that come at the same time share one transaction, and so one wait for the disk.
//!
//! Who finds nobody at work leads: takes all that wait, commits them together, and answers each. Who comes meanwhile waits,
//! and the first of them leads next. Nobody waits for others to come, and there is no thread of its own.

use std::mem;
use std::sync::Mutex;
use std::sync::mpsc::{Sender, channel};

use outbound::port::CommitError;

use super::write::Rows;
use super::{SqliteError, locked};

pub(super) type Outcome = Result<(), CommitError<SqliteError>>;

#[derive(Default)]
pub(super) struct Group(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    is_led: bool,
    commits: Vec<Waits>,
}

struct Waits {
    rows: Rows,
    tell: Sender<Turn>,
}

/// What somebody who waits is told.
enum Turn {
    Answer(Outcome),
    Lead,
}

impl Group {
    /// Commits some rows, alone or with others. `write` answers each of what it is given, in its order.
    pub(super) fn commit(&self, rows: Rows, write: impl FnOnce(&[&Rows]) -> Vec<Outcome>) -> Outcome {
        let (tell, told) = channel();
        if !self.join(Waits { rows, tell }) {
            match told.recv() {
                Ok(Turn::Answer(outcome)) => return outcome,
                Ok(Turn::Lead) => {}
                Err(_) => return abandoned(),
            }
        }
        let lead = Lead(self);
        let commits = mem::take(&mut locked(&self.0).commits);
        let outcomes = write(&commits.iter().map(|waits| &waits.rows).collect::<Vec<_>>());
        // The next may begin while these are answered.
        drop(lead);
        for (waits, outcome) in commits.into_iter().zip(outcomes) {
            // Nobody goes away before the answer.
            drop(waits.tell.send(Turn::Answer(outcome)));
        }
        match told.recv() {
            Ok(Turn::Answer(outcome)) => outcome,
            Ok(Turn::Lead) | Err(_) => abandoned(),
        }
    }

    /// Whether whoever joins is to lead.
    fn join(&self, waits: Waits) -> bool {
        let mut waiting = locked(&self.0);
        waiting.commits.push(waits);
        !mem::replace(&mut waiting.is_led, true)
    }
}

/// Whoever led panicked, and what became of the transaction is not known.
fn abandoned() -> Outcome {
    Err(CommitError::Unknown(SqliteError::Abandoned))
}

/// As long as it lasts nobody else leads. However it ends, the next one does.
struct Lead<'g>(&'g Group);

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        let mut waiting = locked(&self.0.0);
        let next = waiting.commits.first();
        waiting.is_led = next.is_some_and(|waits| waits.tell.send(Turn::Lead).is_ok());
    }
}

#[cfg(test)]
mod tests {
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::thread::{scope, yield_now};

    use super::*;

    fn fine(commits: &[&Rows]) -> Vec<Outcome> {
        commits.iter().map(|_| Ok(())).collect()
    }

    impl Group {
        /// While somebody leads, until so many wait.
        fn wait_for(&self, count: usize) {
            while locked(&self.0).commits.len() < count {
                yield_now();
            }
        }
    }

    #[test]
    fn those_who_come_meanwhile_go_together_and_each_is_answered() {
        let (group, sizes) = (Group::default(), Mutex::new(Vec::new()));
        let write = |commits: &[&Rows]| {
            locked(&sizes).push(commits.len());
            if locked(&sizes).len() == 1 {
                group.wait_for(5);
            }
            fine(commits)
        };
        scope(|scope| {
            let all: Vec<_> = (0..6).map(|_| scope.spawn(|| group.commit(Rows::default(), write))).collect();
            assert!(all.into_iter().all(|one| one.join().unwrap().is_ok()));
        });
        assert_eq!(*locked(&sizes), [1, 5]);
        assert!(group.commit(Rows::default(), fine).is_ok(), "nobody leads any more");
    }

    #[test]
    fn where_the_leader_panics_those_with_it_do_not_know_and_the_next_go_on() {
        let (group, turns) = (Group::default(), Mutex::new(0));
        let write = |commits: &[&Rows]| {
            let turn = mem::replace(&mut *locked(&turns), commits.len());
            match (turn, commits.len()) {
                (0, _) => group.wait_for(3),
                (_, 3) => {
                    group.wait_for(1);
                    panic!("in the middle of three");
                }
                _ => {}
            }
            fine(commits)
        };
        let run = || catch_unwind(AssertUnwindSafe(|| group.commit(Rows::default(), write)));
        scope(|scope| {
            let first = scope.spawn(run);
            while !locked(&group.0).is_led {
                yield_now();
            }
            let three: Vec<_> = (0..3).map(|_| scope.spawn(run)).collect();
            assert!(first.join().unwrap().unwrap().is_ok());
            while !locked(&group.0).commits.is_empty() {
                yield_now();
            }
            let last = scope.spawn(run);
            let of_three: Vec<_> = three.into_iter().map(|one| one.join().unwrap()).collect();
            let unknown = |it: &std::thread::Result<Outcome>| matches!(it, Ok(Err(CommitError::Unknown(_))));
            assert_eq!(of_three.iter().filter(|it| it.is_err()).count(), 1, "the leader");
            assert_eq!(of_three.iter().filter(|it| unknown(it)).count(), 2, "the others");
            assert!(last.join().unwrap().unwrap().is_ok());
        });
    }
}
