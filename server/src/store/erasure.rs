//! Forgetting a person: the keys go, and with them everything that they sealed, here and in every copy.

use std::collections::HashSet;

use anyhow::Context;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect, Statement,
    sea_query::OnConflict,
};
use uuid::Uuid;

use super::{
    Read, Tx, Writer, instant,
    journal::{self, Entry, Kind},
    keys::{KeyRing, Use},
    written::is_written,
};
use crate::{
    app::App,
    entity::{erasure, subject_key},
    error::{Error, Result},
};

/// The blind indexes of a child, by the id of its person.
const INDEXES_OF_CHILD: &str = "
    SELECT DISTINCT thuiszitter.child_index FROM thuiszitter
    JOIN case_circle ON case_circle.region_id = thuiszitter.region_id AND case_circle.case_id = thuiszitter.id
    WHERE case_circle.child_id = $1";

/// How many rows go in one statement.
const BATCH: usize = 500;

fn mark(keys: &KeyRing, kind: Kind, what: &[u8]) -> [u8; 32] {
    let kind: &str = kind.into();
    keys.mac(Use::Erasure, &[kind.as_bytes(), b"|", what].concat())
}

impl Tx {
    /// Destroys the keys of `subject`, a child or a parent: nothing that was sealed for it opens
    /// again, not even from a backup once it is restored. To be called before the rows of its
    /// cases go, because a child is recognised by them later. Twice is once.
    pub async fn forget(&self, subject: Uuid) -> Result<()> {
        let entries = self.destroy(subject).await?;
        self.note_erased(entries);
        Ok(())
    }

    /// Destroys the keys, and says by which marks the person is recognised.
    async fn destroy(&self, subject: Uuid) -> Result<Vec<Entry>> {
        let backend = self.db().get_database_backend();
        let asked = Statement::from_sql_and_values(backend, INDEXES_OF_CHILD, [subject.into()]);
        let mut found = vec![(Kind::Subject, subject.as_bytes().to_vec())];
        for row in self.db().query_all_raw(asked).await? {
            found.push((Kind::Child, row.try_get_by_index(0)?));
        }
        let keys = &self.app().keys;
        let at = self.now();
        let entries: Vec<_> =
            found.into_iter().map(|(kind, what)| Entry { at, kind, mark: mark(keys, kind, &what) }).collect();
        self.keep_erasures(&entries).await?;
        subject_key::Entity::delete_many()
            .filter(subject_key::Column::SubjectId.eq(subject))
            .exec(&self.db())
            .await?;
        Ok(entries)
    }

    async fn keep_erasures(&self, entries: &[Entry]) -> Result<()> {
        for entries in entries.chunks(BATCH) {
            let rows = entries.iter().map(|entry| erasure::ActiveModel {
                mark: Set(entry.mark.to_vec()),
                kind: Set(<&str>::from(entry.kind).to_owned()),
                erased_at: Set(instant::to_column(entry.at)),
            });
            let twice = OnConflict::column(erasure::Column::Mark).do_nothing().to_owned();
            let insert = erasure::Entity::insert_many(rows).on_conflict(twice);
            is_written(insert.exec_without_returning(&self.db()).await)?;
        }
        Ok(())
    }

    /// Forgets again whoever `entries` tell of and the database does not know to be erased:
    /// it was restored from before. Says whom.
    pub(crate) async fn forget_again(&self, entries: &[Entry]) -> Result<Vec<Uuid>> {
        let known: HashSet<_> = all(self).await?.into_iter().map(|entry| entry.mark).collect();
        let fresh: Vec<_> = entries.iter().filter(|entry| !known.contains(&entry.mark)).cloned().collect();
        if fresh.is_empty() {
            return Ok(Vec::new());
        }
        self.keep_erasures(&fresh).await?;
        let marks: HashSet<_> = fresh.iter().map(|entry| entry.mark).collect();
        let mut subjects: Vec<Uuid> = subject_key::Entity::find()
            .select_only()
            .column(subject_key::Column::SubjectId)
            .into_tuple()
            .all(&self.db())
            .await?;
        subjects.dedup();
        subjects.retain(|subject| marks.contains(&mark(&self.app().keys, Kind::Subject, subject.as_bytes())));
        for subject in &subjects {
            self.destroy(*subject).await?;
        }
        Ok(subjects)
    }
}

/// Every erasure that the database knows of.
pub(crate) async fn all(read: &Read) -> Result<Vec<Entry>> {
    let corrupt = |column| Error::Corrupt { table: "erasure", column };
    let rows = erasure::Entity::find().all(&read.db()).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Entry {
                at: instant::from_column(row.erased_at)?,
                kind: row.kind.parse().map_err(|_| corrupt("kind"))?,
                mark: row.mark.try_into().map_err(|_| corrupt("mark"))?,
            })
        })
        .collect()
}

impl Read {
    /// Whether a natural person with this id was erased.
    pub async fn was_erased(&self, subject: Uuid) -> Result<bool> {
        self.any_erased(&[subject]).await
    }

    /// Whether a child with this blind index was erased, in this region.
    pub async fn was_erased_child(&self, child_index: &[u8]) -> Result<bool> {
        self.is_marked(vec![mark(&self.app().keys, Kind::Child, child_index)]).await
    }

    /// Whether one of `subjects` was erased.
    pub(super) async fn any_erased(&self, subjects: &[Uuid]) -> Result<bool> {
        let keys = &self.app().keys;
        let marks = subjects.iter().map(|subject| mark(keys, Kind::Subject, subject.as_bytes())).collect();
        self.is_marked(marks).await
    }

    async fn is_marked(&self, marks: Vec<[u8; 32]>) -> Result<bool> {
        if marks.is_empty() {
            return Ok(false);
        }
        let among = erasure::Column::Mark.is_in(marks.into_iter().map(|mark| mark.to_vec()));
        Ok(erasure::Entity::find().filter(among).one(&self.db()).await?.is_some())
    }
}

impl App {
    /// Brings the journal and the database together: whom only the journal knows is forgotten
    /// again, because the database is an older copy; whom only the database knows is added to
    /// the journal. Says who was forgotten.
    ///
    /// # Errors
    /// When the journal cannot be read or written.
    pub async fn bring_erasures_together(&self) -> anyhow::Result<Vec<Uuid>> {
        let path = self.settings.keys.journal();
        let told = || format!("{}: the journal of erasures; see keys.erasure_journal", path.display());
        let written = journal::read(&path).with_context(told)?;
        let entries = &written;
        let (forgotten, known) = self
            .as_keeper(|tx| async move { Ok((tx.forget_again(entries).await?, all(&tx).await?)) })
            .await?;
        let there: HashSet<_> = written.iter().map(|entry| entry.mark).collect();
        let missing: Vec<_> = known.into_iter().filter(|entry| !there.contains(&entry.mark)).collect();
        journal::append(&path, &missing).with_context(told)?;
        if !forgotten.is_empty() {
            self.cut_log().await;
            tracing::warn!(erased = forgotten.len(), "an older database was found: erased again");
        }
        Ok(forgotten)
    }

    /// What an erasure leaves to do once it is committed: the line outside the database, and on
    /// SQLite the pages that still stand in the WAL. A fault here undoes nothing; the next
    /// start brings journal and database together again.
    pub(super) async fn after_erasure(&self, entries: Vec<Entry>) {
        let path = self.settings.keys.journal();
        let written = tokio::task::spawn_blocking(move || journal::append(&path, &entries)).await;
        if !matches!(written, Ok(Ok(()))) {
            tracing::error!("an erasure could not be written in the journal: see to keys.erasure_journal");
        }
        self.cut_log().await;
    }

    async fn cut_log(&self) {
        if let Writer::Sqlite(group) = self.database.writer()
            && let Err(error) = group.truncate_log().await
        {
            tracing::error!(%error, "the WAL could not be cut off after an erasure");
        }
    }
}
