//! Who has registered and what they have written.
//!
//! Plain data behind one lock; the time and random bytes are arguments. Nothing
//! here knows of HTTP or HTML.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use sha2::{Digest, Sha256};

/// The most users that can register.
///
/// At some 200 bytes each they stay below 200 MB; a run of three days in which
/// each user of a thousand registers every five minutes makes 864,000.
pub const MAX_USERS: usize = 1_000_000;

/// The most posts at any one time.
///
/// The index shows all of them on one page, so far fewer are a problem already.
pub const MAX_POSTS: usize = 100_000;

/// The most text that is kept, names, titles and bodies together, in bytes.
pub const MAX_STORED_BYTES: usize = 256 << 20;

/// The number of a user, from 1.
pub type UserId = u64;

/// The number of a post, from 1; never given out twice.
pub type PostId = u64;

/// Random bytes of one user: salt of the password, and proof in the cookie.
pub type Secret = [u8; 16];

/// Someone who has registered.
#[derive(Debug)]
pub struct User {
    pub id: UserId,
    pub name: Arc<str>,
    pub secret: Secret,
    password_hash: [u8; 32],
}

impl User {
    /// Whether this is the password the user registered with.
    pub fn has_password(&self, password: &str) -> bool {
        self.password_hash == hash(self.secret, password)
    }

    /// Whether a cookie with this secret is one of ours.
    pub fn has_secret(&self, secret: &Secret) -> bool {
        self.secret == *secret
    }
}

/// Something that was written.
#[derive(Debug)]
pub struct Post {
    pub id: PostId,
    pub author_id: UserId,
    pub author: Arc<str>,
    pub title: Arc<str>,
    pub body: Arc<str>,
    /// Seconds since 1970: finer than that the real one does not tell either.
    pub created_unix_s: u64,
}

impl Post {
    fn stored_bytes(&self) -> usize {
        self.title.len() + self.body.len()
    }
}

/// Storing it would exceed one of the bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Full;

/// Why someone was not registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RegisterError {
    /// There is a user of that name.
    NameTaken,
    /// Storing it would exceed one of the bounds.
    Full,
}

impl From<Full> for RegisterError {
    fn from(Full: Full) -> RegisterError {
        RegisterError::Full
    }
}

/// Why a post cannot be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostError {
    /// There is no such post (any more).
    Unknown,
    /// Someone else wrote it.
    NotTheAuthor,
}

/// All users and posts.
#[derive(Debug, Default)]
pub struct Blog {
    /// In order of their numbers: users are never deleted.
    users: Vec<Arc<User>>,
    by_name: HashMap<Arc<str>, Arc<User>>,
    posts: BTreeMap<PostId, Arc<Post>>,
    last_post: PostId,
    stored_bytes: usize,
}

impl Blog {
    /// Adds a user.
    pub fn register(
        &mut self,
        name: &str,
        password: &str,
        secret: Secret,
    ) -> Result<(), RegisterError> {
        if self.by_name.contains_key(name) {
            return Err(RegisterError::NameTaken);
        }
        if self.users.len() >= MAX_USERS {
            return Err(RegisterError::Full);
        }
        self.take_room(name.len(), 0)?;
        let user = Arc::new(User {
            id: self.users.len() as UserId + 1,
            name: name.into(),
            secret,
            password_hash: hash(secret, password),
        });
        self.by_name.insert(user.name.clone(), user.clone());
        self.users.push(user);
        Ok(())
    }

    /// The user of this name.
    pub fn user_named(&self, name: &str) -> Option<Arc<User>> {
        self.by_name.get(name).cloned()
    }

    /// The user of this number.
    pub fn user(&self, id: UserId) -> Option<Arc<User>> {
        let place = usize::try_from(id.checked_sub(1)?).ok()?;
        self.users.get(place).cloned()
    }

    /// Adds a post, written `unix` after the beginning of 1970.
    pub fn add_post(
        &mut self,
        author: &User,
        title: &str,
        body: &str,
        unix: Duration,
    ) -> Result<(), Full> {
        if self.posts.len() >= MAX_POSTS {
            return Err(Full);
        }
        self.take_room(title.len() + body.len(), 0)?;
        self.last_post += 1;
        let post = Post {
            id: self.last_post,
            author_id: author.id,
            author: author.name.clone(),
            title: title.into(),
            body: body.into(),
            created_unix_s: unix.as_secs(),
        };
        self.posts.insert(post.id, Arc::new(post));
        Ok(())
    }

    /// A post that this user may change.
    pub fn own_post(&self, id: PostId, user: UserId) -> Result<Arc<Post>, PostError> {
        let post = self.posts.get(&id).ok_or(PostError::Unknown)?;
        if post.author_id == user {
            Ok(post.clone())
        } else {
            Err(PostError::NotTheAuthor)
        }
    }

    /// Gives a post another text, if it still is there. Its place in the list stays.
    pub fn change_post(&mut self, id: PostId, title: &str, body: &str) -> Result<(), Full> {
        let Some(old) = self.posts.get(&id).cloned() else {
            return Ok(());
        };
        self.take_room(title.len() + body.len(), old.stored_bytes())?;
        let post = Post {
            title: title.into(),
            body: body.into(),
            author: old.author.clone(),
            ..*old
        };
        self.posts.insert(id, Arc::new(post));
        Ok(())
    }

    /// Takes a post away.
    pub fn delete_post(&mut self, id: PostId) {
        if let Some(post) = self.posts.remove(&id) {
            self.stored_bytes -= post.stored_bytes();
        }
    }

    /// Every post, the newest second first, and within a second the oldest first.
    ///
    /// That is what the real one does: it sorts by a time stamp of whole seconds,
    /// and its database leaves equal ones in the order of their numbers.
    pub fn listing(&self) -> Vec<Arc<Post>> {
        let mut posts: Vec<_> = self.posts.values().cloned().collect();
        posts.sort_by_key(|post| Reverse(post.created_unix_s));
        posts
    }

    /// How many users have registered.
    pub fn users(&self) -> usize {
        self.users.len()
    }

    /// How many posts there are.
    pub fn posts(&self) -> usize {
        self.posts.len()
    }

    fn take_room(&mut self, new_bytes: usize, old_bytes: usize) -> Result<(), Full> {
        let stored_bytes = self.stored_bytes - old_bytes + new_bytes;
        if stored_bytes > MAX_STORED_BYTES {
            return Err(Full);
        }
        self.stored_bytes = stored_bytes;
        Ok(())
    }
}

/// One round, on purpose: a demo that spends its time on scrypt would take the
/// processor away from the load generator beside it.
fn hash(salt: Secret, password: &str) -> [u8; 32] {
    let hasher = Sha256::new().chain_update(salt).chain_update(password);
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_by_the_second_and_then_by_number() {
        let mut blog = blog_of_ann();
        let ann = blog.user(1).unwrap();
        for (title, written_ms) in [("a", 1_900), ("b", 2_000), ("c", 2_999), ("d", 3_000)] {
            let unix = Duration::from_millis(written_ms);
            blog.add_post(&ann, title, "", unix).unwrap();
        }
        blog.change_post(2, "B", "").unwrap();
        assert_eq!(titles(&blog), ["d", "B", "c", "a"]);
    }

    #[test]
    fn a_number_is_never_given_out_twice() {
        let mut blog = blog_of_ann();
        let ann = blog.user(1).unwrap();
        blog.add_post(&ann, "a", "", Duration::ZERO).unwrap();
        blog.delete_post(1);
        blog.add_post(&ann, "b", "", Duration::ZERO).unwrap();
        assert_eq!(blog.own_post(1, 1).unwrap_err(), PostError::Unknown);
        assert_eq!(blog.own_post(2, 2).unwrap_err(), PostError::NotTheAuthor);
        assert_eq!(&*blog.own_post(2, 1).unwrap().title, "b");
    }

    #[test]
    fn text_is_bounded_and_deleting_makes_room() {
        let mut blog = blog_of_ann();
        let ann = blog.user(1).unwrap();
        let rest = "x".repeat(MAX_STORED_BYTES - "ann".len() - 1);
        blog.add_post(&ann, "t", &rest, Duration::ZERO).unwrap();
        assert_eq!(blog.add_post(&ann, "t", "", Duration::ZERO), Err(Full));
        assert_eq!(blog.change_post(1, "tt", &rest), Err(Full));
        assert_eq!(blog.register("b", "", [0; 16]), Err(RegisterError::Full));
        assert_eq!(blog.change_post(1, "u", &rest), Ok(()));
        assert_eq!(blog.change_post(1, "", &rest), Ok(()));
        assert_eq!(blog.register("b", "", [0; 16]), Ok(()));
        blog.delete_post(1);
        blog.delete_post(1);
        assert_eq!(blog.stored_bytes, "annb".len());
    }

    #[test]
    fn the_number_of_posts_is_bounded() {
        let mut blog = blog_of_ann();
        let ann = blog.user(1).unwrap();
        for _ in 0..MAX_POSTS {
            blog.add_post(&ann, "", "", Duration::ZERO).unwrap();
        }
        assert_eq!(blog.add_post(&ann, "", "", Duration::ZERO), Err(Full));
        blog.delete_post(7);
        assert_eq!(blog.add_post(&ann, "", "", Duration::ZERO), Ok(()));
        assert_eq!(blog.posts(), MAX_POSTS);
    }

    #[test]
    fn a_password_is_checked_with_the_secret_of_its_user() {
        let mut blog = blog_of_ann();
        blog.register("bob", "word", [2; 16]).unwrap();
        let (ann, bob) = (blog.user(1).unwrap(), blog.user_named("bob").unwrap());
        assert!(ann.has_password("word") && bob.has_password("word"));
        assert!(!ann.has_password("Word") && !ann.has_password(""));
        assert_ne!(ann.password_hash, bob.password_hash);
        assert!(blog.user(0).is_none() && blog.user(3).is_none());
    }

    fn blog_of_ann() -> Blog {
        let mut blog = Blog::default();
        blog.register("ann", "word", [1; 16]).unwrap();
        blog
    }

    fn titles(blog: &Blog) -> Vec<String> {
        let posts = blog.listing();
        posts.iter().map(|post| post.title.to_string()).collect()
    }
}
