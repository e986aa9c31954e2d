//! What fuzzing found, or begins with, goes through every parser of foreign bytes.

use std::fs;
use std::path::Path;

use outbound::mail::{MailHeaders, MailId, Mailbox, ParsedMail, ReportPart, automatic, report};
use outbound::model::Subject;

/// Every input of every target: each may be bytes to any parser.
fn corpus() -> Vec<Vec<u8>> {
    let below = |path: &Path| -> Vec<_> { fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect() };
    let targets = below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus"));
    targets.iter().flat_map(|target| below(target)).map(|input| fs::read(input).unwrap()).collect()
}

#[test]
fn b7_the_corpus_of_the_fuzz_targets_is_read() {
    let inputs = corpus();
    assert!(inputs.len() >= 14, "{}", inputs.len());
    for bytes in inputs {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let headers = MailHeaders::from_raw(&bytes);
        let _ = automatic(&headers, &["care@shop.example"]);
        for id in MailId::all_in(&text) {
            assert_eq!(MailId::parse(id.as_str()).as_ref(), Ok(&id));
        }
        let _ = Mailbox::all_in(&text);
        if let Some(subject) = Subject::lenient(&text) {
            let once = subject.normalised();
            assert_eq!(Subject::lenient(&once).map(|again| again.normalised()), Some(once));
        }
        let part = ReportPart { media_type: "message/delivery-status".into(), text: text.clone() };
        let told = ParsedMail { headers, text, report_parts: vec![part], ..ParsedMail::default() };
        let _ = report(&told);
        let _ = report(&ParsedMail { report_parts: Vec::new(), ..told });
        #[cfg(feature = "mime")]
        let _ = report(&outbound::mail::read_mail(&bytes));
    }
}
