//! What a person sees who asks in plain SQL: the same on both stores.

use outbound::port::Store;
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use tokio_postgres::{NoTls, SimpleQueryMessage};

use crate::support::acme::sms;
use crate::support::place::{Directory, postgres, unique};
use crate::support::server;
use crate::support::story::{Teller, tell};

/// What is asked, and the answer after the story; `FROM` names a view.
const QUESTIONS: [(&str, &str); 4] = [
    (
        "SELECT channel, entry_point, address, begun_by, messages, CASE WHEN closed_at IS NULL THEN 'open' ELSE 'closed' END
         FROM conversations ORDER BY opened_at, conversation",
        concat!(
            "sms | sms_care | +351912345678 | ana | 4 | closed\n",
            "sms | sms_care | +351912345679 | ana | 0 | closed\n",
            "sms | sms_care | +351912345670 | customer | 3 | closed\n",
            "sms | sms_care | +351912345671 | ana | 0 | open\n",
            "sms | sms_care | +351912345672 | carla | 1 | open\n",
        ),
    ),
    (
        "SELECT state, agent, queue, asked, transfers FROM tasks ORDER BY task",
        concat!(
            "done | - | - | - | 0\n",
            "done | - | - | - | 3\n",
            "done | - | - | - | 0\n",
            "active | carla | - | - | 0\n",
            "queued | - | care_queue | - | 0\n",
        ),
    ),
    (
        "SELECT number, direction, agent, address, status, attempts, problem, substr(body, 1, 3)
         FROM messages ORDER BY conversation, number",
        concat!(
            "1 | outbound | ana | +351912345678 | delivered | 2 | - | hel\n",
            "2 | outbound | ana | +351912345678 | failed | 1 | filtered | are\n",
            "3 | outbound | ana | +351912345678 | delivered | 1 | - | one\n",
            "4 | inbound | - | +351912345678 | received | 0 | - | yes\n",
            "1 | inbound | - | +351912345670 | received | 0 | - | hel\n",
            "2 | inbound | - | +351912345670 | received | 0 | - | any\n",
            "3 | inbound | - | +351912345670 | received | 0 | - | it \n",
            "1 | outbound | carla | +351912345672 | queued | 0 | - | on \n",
        ),
    ),
    ("SELECT day, did, count(*) FROM agent_days WHERE agent = 'bruno' GROUP BY day, did ORDER BY day, did", concat!(
            "2026-03-02 | accepted | 1\n",
            "2026-03-02 | handed_over | 1\n",
            "2026-03-02 | offered | 1\n",
            "2026-03-02 | queued | 1\n",
            "2026-03-02 | signed_in | 1\n",
            "2026-03-02 | signed_out | 1\n",
            "2026-03-02 | slot_changed | 3\n",
            "2026-03-02 | slot_freed | 3\n",
            "2026-03-02 | slot_taken | 2\n",
            "2026-03-02 | state_set | 3\n",
            "2026-03-02 | transfer_settled | 2\n",
            "2026-03-02 | transferred | 1\n",
            "2026-03-02 | unfrozen | 1\n",
            "2026-03-02 | wrapped_up | 1\n",
        )),
];

/// The story, and Carla at work.
fn told<S: Store>(store: S) {
    let teller = Teller::new(store, || 0);
    tell(&teller);
    let conversation = teller.ok(&sms("carla", "+351912345672")).conversation;
    teller.say("carla", conversation, "on its way");
}

/// Rows as lines.
fn table(rows: impl IntoIterator<Item = Vec<String>>) -> String {
    rows.into_iter().map(|row| row.join(" | ") + "\n").collect()
}

#[test]
fn on_sqlite() {
    let directory = Directory::new();
    told(directory.sqlite());
    let file = Connection::open(directory.file()).expect("the file");
    for (question, answer) in QUESTIONS {
        let mut select = file.prepare(question).expect("a statement");
        let columns = select.column_count();
        let mut rows = select.query([]).expect("an answer");
        let mut found = Vec::new();
        while let Some(row) = rows.next().expect("a row") {
            let text = |column| match row.get_ref(column).expect("a column") {
                ValueRef::Null => "-".to_owned(),
                ValueRef::Integer(number) => number.to_string(),
                other => other.as_str().expect("text").to_owned(),
            };
            found.push((0..columns).map(text).collect());
        }
        assert_eq!(table(found), answer, "{question}");
    }
}

#[test]
fn on_postgres() {
    let Some(url) = server::url() else { return };
    let organization = unique();
    told(postgres(&url, &organization));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (client, traffic) = tokio_postgres::connect(&url, NoTls).await.expect("a connection");
        tokio::spawn(traffic);
        for (question, answer) in QUESTIONS {
            let (select, rest) = question.split_once("FROM ").expect("a view");
            let (view, rest) = rest.split_once([' ', '\n']).expect("an order");
            let asked = format!(
                "{select} FROM (SELECT * FROM outbound.{view} WHERE organization = '{organization}') AS {view} {rest}"
            );
            let mut found = Vec::new();
            for message in client.simple_query(&asked).await.expect("an answer") {
                let SimpleQueryMessage::Row(row) = message else { continue };
                found.push((0..row.len()).map(|column| row.get(column).unwrap_or("-").to_owned()).collect());
            }
            assert_eq!(table(found), answer, "{question}");
        }
    });
}
