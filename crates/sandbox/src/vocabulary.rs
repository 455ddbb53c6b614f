//! The words synthetic records are made of. No person or firm is meant; some values carry characters that careless
//! code breaks on (quotes, ampersands, umlauts, CJK, a right-to-left name).

pub(crate) const FIRST_NAMES: [&str; 16] = [
    "Ada", "Bruno", "Chiara", "Dilan", "Émile", "Farah", "Gøran", "Hana", "Ines", "Jürgen",
    "Kwame", "Łucja", "Mei", "Noor", "Óscar", "Priya",
];

pub(crate) const LAST_NAMES: [&str; 16] = [
    "Abara",
    "Brandt",
    "Castelló",
    "D'Amico",
    "Eriksson",
    "Fournier",
    "Grünwald",
    "Hayashi",
    "Ibarra",
    "Janák",
    "Kowalczyk",
    "Lindqvist",
    "Moreau",
    "N'Diaye",
    "O'Reilly",
    "Petrović",
];

pub(crate) const FIRM_HEADS: [&str; 20] = [
    "Alder",
    "Basalt",
    "Cobalt",
    "Drumlin",
    "Ember",
    "Fjord & Sons",
    "Granite",
    "Harbour",
    "Inlet",
    "Juniper",
    "Kestrel",
    "Larch",
    "Meridian",
    "Nimbus",
    "Orchard",
    "Pumice",
    "Quarry",
    "Rowan",
    "Saffron",
    "Tundra \"North\"",
];

pub(crate) const FIRM_TAILS: [&str; 10] = [
    "Industrial Supply",
    "Consulting GmbH",
    "Logistics S.A.",
    "Laboratory Services",
    "Office & Print",
    "Software Inc.",
    "Facilities <Group>",
    "Packaging Sp. z o.o.",
    "株式会社",
    "Werkzeuge AG",
];

/// Code, name, symbol, decimals.
pub(crate) const CURRENCIES: [(&str, &str, &str, u8); 12] = [
    ("USD", "US Dollar", "$", 2),
    ("EUR", "Euro", "€", 2),
    ("GBP", "Pound Sterling", "£", 2),
    ("PLN", "Polish Zloty", "zł", 2),
    ("CHF", "Swiss Franc", "CHF", 2),
    ("JPY", "Japanese Yen", "¥", 0),
    ("SEK", "Swedish Krona", "kr", 2),
    ("AED", "UAE Dirham", "AED", 2),
    ("INR", "Indian Rupee", "₹", 2),
    ("CAD", "Canadian Dollar", "$", 2),
    ("KWD", "Kuwaiti Dinar", "KD", 3),
    ("BRL", "Brazilian Real", "R$", 2),
];

/// ISO code and name.
pub(crate) const COUNTRIES: [(&str, &str); 8] = [
    ("US", "United States"),
    ("DE", "Germany"),
    ("PL", "Poland"),
    ("GB", "United Kingdom"),
    ("FR", "France"),
    ("JP", "Japan"),
    ("SE", "Sweden"),
    ("AE", "United Arab Emirates"),
];

/// City, state or region, postal code, index into [`COUNTRIES`].
pub(crate) const CITIES: [(&str, &str, &str, usize); 8] = [
    ("Portland", "OR", "97205", 0),
    ("Köln", "Nordrhein-Westfalen", "50667", 1),
    ("Łódź", "łódzkie", "90-001", 2),
    ("Leeds", "", "LS1 4DY", 3),
    ("Saint-Étienne", "Loire", "42000", 4),
    ("大阪市", "大阪府", "530-0001", 5),
    ("Malmö", "Skåne", "211 20", 6),
    ("Dubai", "", "", 7),
];

pub(crate) const STREETS: [&str; 8] = [
    "Sycamore Avenue",
    "Hauptstraße",
    "ul. Piotrkowska",
    "Mill Lane",
    "rue de la République",
    "Kanal Street",
    "Storgatan",
    "Harbour Road",
];

pub(crate) const GOODS: [&str; 16] = [
    "Notebook 14\", 32 GB",
    "Docking station",
    "Ergonomic chair",
    "Nitrile gloves, box of 100",
    "Toner cartridge",
    "Steel shelf 200 × 100 cm",
    "Cloud hosting, monthly",
    "Legal services",
    "Courier, next day",
    "Safety boots",
    "Filter \"HEPA\" & frame",
    "Bearings 6204-2RS",
    "Catering",
    "Translation, per page",
    "Licence renewal",
    "Calibration service",
];

pub(crate) const COMMODITIES: [&str; 8] = [
    "IT Hardware",
    "Software",
    "Office Supplies",
    "Professional Services",
    "Facilities",
    "Logistics",
    "Lab Supplies",
    "Travel & Entertainment",
];

pub(crate) const DEPARTMENTS: [&str; 12] = [
    "Marketing",
    "Finance",
    "Research & Development",
    "Operations",
    "Legal",
    "Human Resources",
    "IT",
    "Sales",
    "Facilities",
    "Quality",
    "Supply Chain",
    "Executive Office",
];

/// Code and name.
pub(crate) const UNITS: [(&str, &str); 6] = [
    ("EA", "Each"),
    ("HR", "Hour"),
    ("BX", "Box"),
    ("KG", "Kilogram"),
    ("MON", "Month"),
    ("PG", "Page"),
];

/// When a supplier is paid, and for what discount sooner.
#[derive(Clone, Copy)]
pub(crate) struct Term {
    pub(crate) code: &'static str,
    pub(crate) description: &'static str,
    pub(crate) net_days: u64,
    /// Days and percentage.
    pub(crate) discount: Option<(u64, &'static str)>,
}

const fn term(code: &'static str, description: &'static str, net_days: u64) -> Term {
    Term {
        code,
        description,
        net_days,
        discount: None,
    }
}

pub(crate) const PAYMENT_TERMS: [Term; 8] = [
    term("Net 30", "Due in 30 days", 30),
    term("Net 45", "Due in 45 days", 45),
    term("NET 60", "Due in 60 days", 60),
    Term {
        discount: Some((10, "2.0")),
        ..term("2/10 Net 30", "2 % within 10 days, net 30", 30)
    },
    term("NET 120", "Due in 120 days", 120),
    term("Immediate", "Due on receipt", 0),
    Term {
        discount: Some((14, "3.0")),
        ..term("3/14 Net 45", "3 % within 14 days, net 45", 45)
    },
    term("Net 90", "", 90),
];

/// Code, description, percentage, index into [`COUNTRIES`].
pub(crate) const TAX_CODES: [(&str, &str, &str, usize); 6] = [
    ("US-OR-0", "No sales tax", "0.0", 0),
    ("DE19", "Umsatzsteuer 19 %", "19.0", 1),
    ("PL23", "VAT 23 %", "23.0", 2),
    ("GB20", "VAT standard rate", "20.0", 3),
    ("FR20", "TVA taux normal", "20.0", 4),
    ("JP10", "消費税", "10.0", 5),
];

/// Display name and the code its lookup values begin with.
pub(crate) const LOOKUPS: [(&str, &str); 3] = [
    ("Cost Center", "CC"),
    ("Legal Entity Code", "LE"),
    ("GL Project", "PRJ"),
];

/// An entry of a table, whatever the number.
pub(crate) fn pick<T: Copy, const N: usize>(table: &[T; N], number: u64) -> T {
    table[usize::try_from(number % N as u64).unwrap_or(0)]
}
