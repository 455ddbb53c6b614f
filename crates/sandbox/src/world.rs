use crate::config::{Counts, SandboxConfig};
use crate::mix::mix;
use crate::object::Instant;
use crate::resource::Resource;
use crate::sequence::{Ids, Times};

/// What the synthetic records are computed from.
#[derive(Debug)]
pub(crate) struct World {
    seed: u64,
    counts: Counts,
    until: i64,
    pub(crate) extra_custom_fields: Vec<(String, String)>,
}

/// What is known of a row without building its record.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row {
    pub(crate) resource: Resource,
    pub(crate) index: u64,
    pub(crate) id: u64,
    pub(crate) created: i64,
    pub(crate) updated: i64,
    pub(crate) offset_minutes: i64,
    pub(crate) status: &'static str,
    /// `None` where the resource has no such flag; else the flag and when it was last set.
    pub(crate) exported: Option<(bool, Option<i64>)>,
}

impl Row {
    pub(crate) fn at(&self, unix_seconds: i64) -> Instant {
        Instant {
            unix_seconds,
            offset_minutes: self.offset_minutes,
        }
    }
}

impl World {
    pub(crate) fn new(config: &SandboxConfig) -> Self {
        Self {
            seed: config.seed,
            counts: config.counts.clone(),
            until: config.data_until.as_second(),
            extra_custom_fields: config.extra_custom_fields.clone(),
        }
    }

    pub(crate) fn count(&self, resource: Resource) -> u64 {
        self.counts.get(resource)
    }

    /// A number for one thing about one row; `aspect` keeps things apart.
    pub(crate) fn number(&self, resource: Resource, index: u64, aspect: u64) -> u64 {
        mix(
            self.salt(resource)
                .wrapping_add(aspect.wrapping_mul(0xd6e8_feb8_6659_fd93)),
            index,
        )
    }

    fn salt(&self, resource: Resource) -> u64 {
        mix(self.seed, resource.index() as u64 + 1)
    }

    pub(crate) fn ids(&self, resource: Resource) -> Ids {
        Ids {
            first: resource.traits().first_id,
            salt: self.salt(resource),
        }
    }

    pub(crate) fn id(&self, resource: Resource, index: u64) -> u64 {
        self.ids(resource).at(index)
    }

    pub(crate) fn times(&self, resource: Resource) -> Times {
        Times {
            rows: self.count(resource),
            until: self.until,
            salt: self.salt(resource),
        }
    }

    pub(crate) fn until(&self) -> i64 {
        self.until
    }

    /// A row of `resource`, whichever the number; there is at least one of what others refer to.
    pub(crate) fn any(&self, resource: Resource, number: u64) -> u64 {
        number % self.count(resource).max(1)
    }

    /// The generated row, before anything an instance did to it.
    pub(crate) fn row(&self, resource: Resource, index: u64) -> Row {
        let times = self.times(resource);
        let (created, updated) = if index < times.rows {
            (times.created(index), times.updated(index))
        } else {
            (self.until, self.until)
        };
        let number = self.number(resource, index, 0);
        let status = self.status(resource, index, number);
        let exported = resource.traits().exported.then(|| {
            let fresh = index >= times.rows - times.rows / 20;
            let flag = !fresh
                && index < times.rows
                && !(number >> 40).is_multiple_of(10)
                && !matches!(status, "draft" | "new");
            (flag, flag.then_some(updated + 3_600))
        });
        Row {
            resource,
            index,
            id: self.id(resource, index),
            created,
            updated,
            offset_minutes: if (number >> 33) & 1 == 0 { -420 } else { 120 },
            status,
            exported,
        }
    }

    fn status(&self, resource: Resource, index: u64, number: u64) -> &'static str {
        // Every fourth invoice is one a payment can pay; see `records::payment`.
        if resource == Resource::Invoices
            && index % 4 == 1
            && index / 4 < self.count(Resource::Payments)
        {
            return "approved";
        }
        let statuses = resource.traits().statuses;
        let total: u64 = statuses.iter().map(|(_, weight)| u64::from(*weight)).sum();
        let mut at = (number >> 8) % total.max(1);
        for (status, weight) in statuses {
            if at < u64::from(*weight) {
                return status;
            }
            at -= u64::from(*weight);
        }
        ""
    }
}
