//! Between a store and its server: passes everything on, and can break a commit.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use outbound::testing::conformance::Break;

use super::place::Directory;

/// What the prepared statement holds that every commit holds.
const WRITE: &[u8] = b"INSERT INTO outbound.record";

/// What the server says when no transaction is open any more.
const COMMITTED: &[u8] = b"Z\0\0\0\x05I";

/// A socket in front of a server's socket.
pub struct Proxy {
    directory: Directory,
    breaks: Arc<Mutex<Option<Break>>>,
}

impl Proxy {
    pub fn before(server: PathBuf) -> Self {
        let proxy = Self { directory: Directory::new(), breaks: Arc::default() };
        let listener = UnixListener::bind(proxy.directory.0.join(".s.PGSQL.5432")).expect("a socket");
        let breaks = Arc::clone(&proxy.breaks);
        // Ends with the process; nobody connects once the directory is gone.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let server = UnixStream::connect(&server).expect("the server listens");
                let passing = Passing { client, server, breaks: Arc::clone(&breaks) };
                thread::spawn(move || passing.pass());
            }
        });
        proxy
    }

    pub fn url(&self) -> String {
        format!("host={} user=postgres dbname=postgres", self.directory.0.display())
    }

    /// From now on the next commit breaks.
    pub fn break_next_commit(&self, how: Break) {
        *self.breaks.lock().unwrap_or_else(PoisonError::into_inner) = Some(how);
    }
}

/// One connection.
struct Passing {
    client: UnixStream,
    server: UnixStream,
    breaks: Arc<Mutex<Option<Break>>>,
}

impl Passing {
    fn pass(mut self) {
        let answers_unheard = Arc::new(Mutex::new(false));
        let back = self.pass_back(Arc::clone(&answers_unheard));
        let mut name: Option<Vec<u8>> = None;
        let mut bytes = vec![0; 1 << 16];
        while let Ok(count @ 1..) = self.client.read(&mut bytes) {
            let sent = &bytes[..count];
            name = name.or_else(|| name_of(sent));
            if name.as_ref().is_some_and(|name| find(sent, name).is_some()) {
                match self.breaks.lock().unwrap_or_else(PoisonError::into_inner).take() {
                    Some(Break::Before) => break,
                    Some(Break::After) => *answers_unheard.lock().unwrap_or_else(PoisonError::into_inner) = true,
                    None => {}
                }
            }
            if self.server.write_all(sent).is_err() {
                break;
            }
        }
        self.close();
        let _ = back.join();
    }

    /// Passes answers back; where none may be heard, waits for the commit and closes.
    fn pass_back(&self, unheard: Arc<Mutex<bool>>) -> thread::JoinHandle<()> {
        let mut server = self.server.try_clone().expect("a second handle");
        let mut client = self.client.try_clone().expect("a second handle");
        thread::spawn(move || {
            let mut bytes = vec![0; 1 << 16];
            while let Ok(count @ 1..) = server.read(&mut bytes) {
                let answered = &bytes[..count];
                if *unheard.lock().unwrap_or_else(PoisonError::into_inner) {
                    if find(answered, COMMITTED).is_some() {
                        break;
                    }
                } else if client.write_all(answered).is_err() {
                    break;
                }
            }
            let _ = server.shutdown(std::net::Shutdown::Both);
            let _ = client.shutdown(std::net::Shutdown::Both);
        })
    }

    fn close(&self) {
        let _ = self.server.shutdown(std::net::Shutdown::Both);
        let _ = self.client.shutdown(std::net::Shutdown::Both);
    }
}

/// The name under which the statement is prepared (`s` and a number), as it stands where the statement is used: between two
/// zero bytes.
fn name_of(sent: &[u8]) -> Option<Vec<u8>> {
    let before = sent.get(..find(sent, WRITE)?)?;
    let ends = before.iter().rposition(|byte| *byte == 0)?;
    let begins = before.get(..ends)?.iter().rposition(|byte| *byte == b's')?;
    Some([&[0], &before[begins..ends], &[0]].concat())
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}
