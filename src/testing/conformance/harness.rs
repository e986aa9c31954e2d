//! What a host gives the suite: a way to make stores, and to run things at once.

use crate::port::Store;

/// A piece of work that a harness runs beside others.
pub type Job<'a> = Box<dyn FnOnce() + Send + 'a>;

/// What a store, or a harness, may be able to do; a check that needs what is not there is skipped, and that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// What was committed is there when every store at a place was dropped and another is opened there.
    Durable,
    /// Several stores can be open at one place at the same time.
    Connections,
    /// [`StoreHarness::together`] runs its jobs at the same time.
    Parallel,
    /// [`StoreHarness::break_next_commit`] breaks a commit.
    BreaksCommits,
}

impl Capability {
    /// Every capability.
    pub const ALL: [Self; 4] = [Self::Durable, Self::Connections, Self::Parallel, Self::BreaksCommits];

    /// What is missing where it is not there, in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Durable => "records that outlive their store",
            Self::Connections => "several connections to one place",
            Self::Parallel => "jobs that run at the same time",
            Self::BreaksCommits => "a way to break a commit",
        }
    }
}

/// Where a commit breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Break {
    /// Before anything was applied.
    Before,
    /// After all of it was applied, before the answer came.
    After,
}

/// How the suite comes by the stores of a host.
///
/// A *place* is where one store's records are: a file, a schema, an organization's id in a shared database. Every check
/// works at places of its own, so that checks can run side by side.
pub trait StoreHarness: Sync {
    /// The store; an asynchronous one joins as [`BlockOn`](super::BlockOn).
    type Store: Store + 'static;
    /// Where its records are. Dropping it may remove them.
    type Place: Sync;

    /// A new place, without any record, that nothing else uses.
    fn fresh(&self) -> Self::Place;

    /// Opens a store at a place: each call another one, with a connection of its own. When all stores of a place were dropped,
    /// opening one finds what they left.
    fn open(&self, place: &Self::Place) -> Self::Store;

    /// What the store and this harness can do.
    fn capabilities(&self) -> Vec<Capability>;

    /// Why no store can be had at all, where that is so: then every check is skipped. The suite of a database whose server may
    /// be missing says so here.
    fn unavailable(&self) -> Option<String> {
        None
    }

    /// Runs all jobs, at the same time if it can, and returns when all of them ended. With threads:
    ///
    /// ```
    /// # use outbound::testing::conformance::Job;
    /// fn together(jobs: Vec<Job<'_>>) {
    ///     std::thread::scope(|scope| {
    ///         for job in jobs {
    ///             scope.spawn(job);
    ///         }
    ///     });
    /// }
    /// # together(Vec::new());
    /// ```
    fn together(&self, jobs: Vec<Job<'_>>);

    /// Tells a person that a check was skipped, and why. (The library itself prints nothing.) A harness that must not skip
    /// may panic here.
    fn skipped(&self, what: &str);

    /// From now on the next commit of any store at a place breaks: the store hears no answer, and must say what it knows.
    /// Asked for only where [`Capability::BreaksCommits`] is there.
    fn break_next_commit(&self, place: &Self::Place, how: Break) {
        let _ = (place, how);
    }
}
