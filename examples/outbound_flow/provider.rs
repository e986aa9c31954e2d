//! A provider that prints what it is asked to send. The first time it is asked it has a bad moment.

use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};

use outbound::command::{ReceiptStatus, ReportDelivery};
use outbound::model::{Cause, Dispatch, EntryPointId, ProviderId, SendResult};
use outbound::port::Delivery;

use crate::screen::Screen;

pub(crate) struct Provider {
    screen: Screen,
    asked: AtomicU64,
    /// What it took and has not reported as delivered.
    under_way: Mutex<Vec<(EntryPointId, ProviderId)>>,
}

impl Provider {
    pub(crate) const fn new(screen: Screen) -> Self {
        Self { screen, asked: AtomicU64::new(0), under_way: Mutex::new(Vec::new()) }
    }

    /// The receipts for everything that it took since it was last asked.
    pub(crate) fn receipts(&self) -> Vec<ReportDelivery> {
        let took = std::mem::take(&mut *self.under_way.lock().unwrap_or_else(PoisonError::into_inner));
        let delivered = |(entry_point, provider)| ReportDelivery {
            entry_point,
            provider,
            status: ReceiptStatus::Delivered,
            problem: None,
        };
        took.into_iter().map(delivered).collect()
    }

    fn take(&self, dispatch: &Dispatch, number: u64) -> Result<ProviderId, String> {
        let provider: ProviderId = format!("gw-{number}").parse().map_err(|error| format!("{error}"))?;
        let taken = (dispatch.entry_point.clone(), provider.clone());
        self.under_way.lock().unwrap_or_else(PoisonError::into_inner).push(taken);
        Ok(provider)
    }
}

impl Delivery for Provider {
    fn send(&self, dispatch: &Dispatch) -> SendResult {
        let number = self.asked.fetch_add(1, Ordering::SeqCst);
        let attempt = dispatch.attempt;
        if number == 0 {
            self.screen.answer(&format!("provider, attempt {attempt}: not now, the line is busy"));
            return SendResult::transient(Cause::Busy, "the line is busy");
        }
        match self.take(dispatch, number) {
            Ok(provider) => {
                let (from, to) = (&dispatch.from, dispatch.to.as_text());
                self.screen
                    .answer(&format!("provider, attempt {attempt}: took it as `{provider}`, from {from} to {to}"));
                let subject = dispatch.content.subject.as_ref().map(|subject| format!("[{}] ", subject.as_str()));
                self.screen.note(&format!("   \"{}{}\"", subject.unwrap_or_default(), dispatch.content.body.expose()));
                SendResult::accepted(provider)
            }
            Err(problem) => SendResult::permanent(Cause::Unknown, &problem),
        }
    }
}
