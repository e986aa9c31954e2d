//! A PostgreSQL server of the tests' own: nothing to set up, and gone with them.
//!
//! `OUTBOUND_POSTGRES_URL` names a server to use instead, `OUTBOUND_POSTGRES_BIN` the directory of the programs,
//! `OUTBOUND_REQUIRE_POSTGRES=1` makes a failure of every test that would be skipped.

use std::env;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

/// A server with a directory and a socket of its own, without any port.
pub struct Server {
    programs: PathBuf,
    directory: PathBuf,
    /// Stops the server when this process ends, however it ends: it reads from a pipe that then closes.
    _watch: Child,
}

impl Server {
    /// Starts a server, or says why there is none.
    pub fn start() -> Result<Self, String> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let programs = programs()?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let directory = env::temp_dir().join(format!("outbound-pg-{}-{number}", std::process::id()));
        fs::create_dir_all(&directory).map_err(|error| format!("no directory: {error}"))?;
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&directory))?;
        }
        let data = directory.join("data");
        let initdb = programs.join("initdb");
        let options = ["--auth=trust", "--username=postgres", "--no-sync", "--encoding=UTF8", "--locale=C", "--pgdata"];
        run(as_postgres(&initdb).args(options).arg(&data))?;
        let pg_ctl = programs.join("pg_ctl");
        let stop = format!(
            "read _; '{}' stop --silent --mode=immediate --pgdata='{}'; rm -rf '{}'",
            pg_ctl.display(),
            data.display(),
            directory.display()
        );
        let watch = as_postgres(Path::new("sh"))
            .args(["-c", &stop])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let server = Self { programs, directory, _watch: watch.map_err(|error| error.to_string())? };
        server.up()?;
        Ok(server)
    }

    /// Starts it again.
    pub fn up(&self) -> Result<(), String> {
        let settings = format!(
            "-c listen_addresses= -c unix_socket_directories={} -c max_connections=200",
            self.directory.display()
        );
        let log = self.directory.join("log");
        run(self.pg_ctl("start").args(["--wait", "--options", &settings, "--log"]).arg(log))
    }

    /// Ends it as a crash would.
    pub fn crash(&self) -> Result<(), String> {
        run(self.pg_ctl("stop").args(["--wait", "--mode=immediate"]))
    }

    fn pg_ctl(&self, what: &str) -> Command {
        let mut command = as_postgres(&self.programs.join("pg_ctl"));
        command.arg(what).arg("--pgdata").arg(self.directory.join("data"));
        command
    }

    pub fn url(&self) -> String {
        format!("host={} user=postgres dbname=postgres", self.directory.display())
    }

    /// The process whose children serve the connections.
    pub fn process(&self) -> Option<u32> {
        let file = fs::read_to_string(self.directory.join("data/postmaster.pid")).ok()?;
        file.lines().next()?.parse().ok()
    }

    /// The socket on which it listens.
    pub fn socket(&self) -> PathBuf {
        self.directory.join(".s.PGSQL.5432")
    }
}

fn run(command: &mut Command) -> Result<(), String> {
    // Nothing may keep this process's pipes open: the server outlives the program that starts it.
    let done = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    match done {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{command:?}: {status}")),
        Err(error) => Err(format!("{command:?}: {error}")),
    }
}

/// PostgreSQL does not run as root.
fn as_postgres(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("runuser");
    command.args(["-u", "postgres", "--"]).arg(program).current_dir("/");
    command
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
}

fn programs() -> Result<PathBuf, String> {
    if let Some(named) = env::var_os("OUTBOUND_POSTGRES_BIN") {
        return Ok(named.into());
    }
    let on_path = env::var_os("PATH").map(|path| env::split_paths(&path).collect::<Vec<_>>()).unwrap_or_default();
    let mut debian: Vec<PathBuf> =
        fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|it| it.path().join("bin")).collect();
    debian.sort();
    let found = debian.into_iter().rev().chain(on_path).find(|directory| directory.join("initdb").is_file());
    found.ok_or_else(|| "no `initdb` in `PATH` or `/usr/lib/postgresql`".into())
}

/// The server that all tests of a binary share.
pub enum Shared {
    /// Somebody else's, by its URL.
    Given(String),
    /// The tests' own.
    Own(Server),
}

/// The shared server, or why there is none.
pub fn shared() -> Result<&'static Shared, &'static str> {
    static SERVER: OnceLock<Result<Shared, String>> = OnceLock::new();
    let shared = SERVER.get_or_init(|| match env::var("OUTBOUND_POSTGRES_URL") {
        Ok(url) => Ok(Shared::Given(url)),
        Err(_) => Server::start().map(Shared::Own).map_err(|why| format!("no PostgreSQL: {why}")),
    });
    shared.as_ref().map_err(|why| required(why))
}

/// The URL of the shared server; none where the test is to be skipped, which has then been said.
pub fn url() -> Option<String> {
    match shared() {
        Ok(Shared::Given(url)) => Some(url.clone()),
        Ok(Shared::Own(server)) => Some(server.url()),
        Err(why) => skip(why),
    }
}

/// The process of the shared server, where it is the tests' own.
pub fn own_process() -> Option<u32> {
    match shared() {
        Ok(Shared::Own(server)) => server.process(),
        _ => None,
    }
}

/// A server for one test that ends and starts it; none where the test is to be skipped, which has then been said.
pub fn own() -> Option<Server> {
    Server::start().map_or_else(|why| skip(required(&format!("no PostgreSQL: {why}"))), Some)
}

/// Nothing is skipped where that is forbidden.
fn required(why: &str) -> &str {
    assert!(env::var_os("OUTBOUND_REQUIRE_POSTGRES").is_none(), "PostgreSQL is required: {why}");
    why
}

/// Says past the test runner, which keeps to itself what a passing test prints, that a test is skipped.
fn skip<T>(why: &str) -> Option<T> {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let _ = writeln!(std::io::stderr(), "skipped: {test}: {why}");
    None
}
