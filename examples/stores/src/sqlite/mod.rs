//! The store on SQLite: one organization, one file, any number of threads and processes.

mod group;
mod migrate;
mod read;
mod write;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use outbound::engine::{Changes, Loaded, Reads};
use outbound::port::{CommitError, EventPage, EventQuery, Store};
use rusqlite::Connection;

use self::group::Group;
use self::write::Rows;
use crate::rows::RowError;

/// Why the store on SQLite failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SqliteError {
    /// SQLite failed.
    #[error("SQLite failed")]
    Sqlite(#[source] Arc<rusqlite::Error>),
    /// A row cannot be written or read.
    #[error(transparent)]
    Row(#[from] RowError),
    /// The file was written by a newer build of the store.
    #[error("the file is at step {found} of its set-up, and this build knows {known}")]
    Newer {
        /// How far the file is.
        found: i64,
        /// How many steps this build knows.
        known: i64,
    },
    /// The thread that committed for several panicked.
    #[error("a commit was abandoned")]
    Abandoned,
}

impl From<rusqlite::Error> for SqliteError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(Arc::new(error))
    }
}

/// What a commit survives once it was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Synchronous {
    /// A loss of power: every commit waits for the disk.
    #[default]
    Full,
    /// The end of the process, however sudden; a loss of power may undo the last commits, and never half of one.
    Normal,
}

impl Synchronous {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Normal => "NORMAL",
        }
    }
}

/// How long a commit waits for other processes before it fails.
const BUSY: Duration = Duration::from_secs(10);

/// After how many pages the log is written into the file: about 40 MB. After SQLite's own thousand it would be with every
/// few groups, though most pages change again soon; a longer log makes opening after a crash slower.
const CHECKPOINT: i64 = 10_000;

/// How often the file's mode is set while others open it too.
const ATTEMPTS: usize = 100;

/// How many idle connections for reading are kept.
const READERS: usize = 64;

/// An organization's world in one SQLite file. Clones share their connections.
#[derive(Clone)]
pub struct SqliteStore(Arc<Inner>);

struct Inner {
    path: PathBuf,
    writer: Mutex<Connection>,
    group: Group,
    /// Readers see the last commit whole and never wait for the writer: the file is in WAL mode.
    readers: Mutex<Vec<Connection>>,
}

impl SqliteStore {
    /// Opens a file, or makes it; each commit survives a loss of power.
    ///
    /// # Errors
    /// [`SqliteError`]: the file cannot be opened, or was written by a newer build.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, SqliteError> {
        Self::open_with(path, Synchronous::default())
    }

    /// The same, choosing what a commit survives.
    ///
    /// # Errors
    /// See [`SqliteStore::open`].
    pub fn open_with(path: impl AsRef<Path>, synchronous: Synchronous) -> Result<Self, SqliteError> {
        let path = path.as_ref().to_owned();
        let mut writer = connect(&path)?;
        use_wal(&writer)?;
        writer.pragma_update(None, "synchronous", synchronous.as_str())?;
        writer.pragma_update(None, "wal_autocheckpoint", CHECKPOINT)?;
        migrate::migrate(&mut writer)?;
        Ok(Self(Arc::new(Inner {
            path,
            writer: Mutex::new(writer),
            group: Group::default(),
            readers: Mutex::default(),
        })))
    }

    /// Does something with a connection of its own for reading, at one moment.
    fn reading<T>(&self, read: impl FnOnce(&Connection) -> Result<T, SqliteError>) -> Result<T, SqliteError> {
        let idle = locked(&self.0.readers).pop();
        let mut reader = idle.map_or_else(|| connect(&self.0.path), Ok)?;
        let answer = at_one_moment(&mut reader, read)?;
        let mut readers = locked(&self.0.readers);
        if readers.len() < READERS {
            readers.push(reader);
        }
        Ok(answer)
    }
}

/// Readers and the writer do not wait for each other in this mode, which is the file's from then on.
fn use_wal(connection: &Connection) -> Result<(), SqliteError> {
    for _ in 1..ATTEMPTS {
        match connection.pragma_update(None, "journal_mode", "WAL") {
            // Where several open a new file at once, SQLite says so at once, whatever the patience: wait by a lock.
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy) => {
                connection.execute_batch("BEGIN IMMEDIATE; COMMIT")?;
            }
            outcome => return Ok(outcome?),
        }
    }
    Ok(connection.pragma_update(None, "journal_mode", "WAL")?)
}

fn at_one_moment<T>(
    connection: &mut Connection,
    read: impl FnOnce(&Connection) -> Result<T, SqliteError>,
) -> Result<T, SqliteError> {
    let moment = connection.transaction()?;
    let answer = read(&moment)?;
    moment.finish()?;
    Ok(answer)
}

fn connect(path: &Path) -> Result<Connection, SqliteError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(32);
    Ok(connection)
}

/// A panic of another thread has left a connection whole: its transaction was rolled back on the way out.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store for SqliteStore {
    type Error = SqliteError;

    fn load(&self, reads: &Reads) -> Result<Loaded, SqliteError> {
        let read = |at: &Connection| {
            Ok(Loaded { records: read::records(at, &reads.keys)?, found: read::queries(at, &reads.queries)? })
        };
        // The writer knows the file's pages, and with each commit readers must read them again. While it has nothing to do it
        // reads a command's records; what may be long would keep commits waiting.
        let idle = if reads.queries.is_empty() { self.0.writer.try_lock().ok() } else { None };
        match idle {
            Some(mut writer) => at_one_moment(&mut writer, read),
            None => self.reading(read),
        }
    }

    fn commit(&self, changes: Changes) -> Result<(), CommitError<SqliteError>> {
        let rows = Rows::of(&changes).map_err(|error| CommitError::Failed(error.into()))?;
        self.0.group.commit(rows, |commits| write::commit(&mut locked(&self.0.writer), commits))
    }

    fn events(&self, query: &EventQuery) -> Result<EventPage, SqliteError> {
        self.reading(|at| read::events(at, query))
    }
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("SqliteStore").field(&self.0.path).finish()
    }
}
