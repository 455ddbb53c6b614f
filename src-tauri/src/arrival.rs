//! Where the window is to go before it can be told: the program was started by a link, or a notification was answered
//! while the window was still being drawn.

/// The place that waits for the window.
#[derive(Debug, Default)]
pub(crate) struct Arrival {
    /// Whether the window has asked; from then on it hears of places by itself.
    asked: bool,
    waiting: Option<String>,
}

impl Arrival {
    /// A place to go to, given back where the window can be told of it. Until it has asked, the latest waits.
    pub(crate) fn lead(&mut self, place: String) -> Option<String> {
        if self.asked {
            return Some(place);
        }
        self.waiting = Some(place);
        None
    }

    /// The window listens from now on, and is told where to go first.
    pub(crate) fn ask(&mut self) -> Option<String> {
        self.asked = true;
        self.waiting.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_that_comes_too_early_waits_until_the_window_asks() {
        let mut arrival = Arrival::default();
        assert_eq!(arrival.lead("/alerts".to_owned()), None);
        assert_eq!(arrival.lead("/accounts/acme-prod".to_owned()), None);
        assert_eq!(arrival.ask().as_deref(), Some("/accounts/acme-prod"));
        assert_eq!(arrival.ask(), None, "once is enough");
        assert_eq!(
            arrival.lead("/alerts".to_owned()).as_deref(),
            Some("/alerts")
        );
        assert_eq!(arrival.ask(), None, "it was told");
    }
}
