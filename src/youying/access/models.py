"""Tables of access: who may sign in, which posts they hold, what is open on which device."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q


class Accounts(BaseUserManager["Account"]):
    """Finds an account by the name it signs in with; making one is an act."""


class Account(AbstractBaseUser):
    """Somebody who may sign in; its posts say what it may do."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    email = models.EmailField(default="", blank=True)
    phone_sealed = models.BinaryField(null=True)
    active = models.BooleanField(default=True)
    password_due = models.BooleanField(default=True)
    made_at = models.DateTimeField()

    objects: ClassVar[Accounts] = Accounts()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="an_account_has_a_name")]

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        """Django's word for an account that may sign in."""
        return self.active

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"account:{self.pk}"


class Unit(models.Model):
    """An office, company or station that matters are given to; `kind` is a unit type of a pack."""

    code = models.SlugField(max_length=40, unique=True)
    title = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    reach = models.CharField(max_length=160)
    phone = models.CharField(max_length=40, default="", blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [models.Index(fields=["reach", "kind"], name="units_by_reach")]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="a_unit_has_a_title"),
            models.CheckConstraint(condition=Q(reach__startswith="/"), name="a_unit_reaches_a_path"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def subject(self) -> str:
        """Its name in the record."""
        return f"unit:{self.pk}"


class Post(models.Model):
    """What an account may do, where and from when to when; `code` is a post of a pack."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="posts")
    code = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="posts")
    reach = models.CharField(max_length=160)
    powers = models.JSONField(default=list)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["code", "reach"], name="posts_by_code_and_reach")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="a_post_ends_after_it_starts"
            ),
            models.CheckConstraint(condition=Q(reach__startswith="/"), name="a_post_reaches_a_path"),
        ]

    def __str__(self) -> str:
        return self.title


class Invitation(models.Model):
    """A link that works once; only the digest of its secret is kept."""

    INVITE, SIGN_IN, RESET, SET_UP = "invite", "sign-in", "reset", "set-up"
    KINDS: ClassVar[list[tuple[str, str]]] = [
        (INVITE, "邀请"),
        (SIGN_IN, "一次性登录"),
        (RESET, "重设密码"),
        (SET_UP, "初始化"),
    ]

    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="invitations")
    kind = models.CharField(max_length=8, choices=KINDS)
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Account, on_delete=models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="a_link_lives_for_a_while"),
            models.CheckConstraint(
                condition=Q(account__isnull=False, kind__in=["invite", "sign-in", "reset"])
                | Q(account__isnull=True, kind="set-up"),
                name="only_set_up_comes_before_accounts",
            ),
        ]


class SessionSeat(models.Model):
    """One signed-in device, so that it can be listed and ended; the session's key is kept as a digest."""

    key_hash = models.CharField(max_length=64, unique=True)
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="seats")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    device = models.CharField(max_length=120, default="")
    ip = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = [models.Index(fields=["account", "-seen_at"], name="seats_by_account")]


class SavedView(models.Model):
    """A list somebody looks at often: its name and its filters as the address says them."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=20)
    title = models.CharField(max_length=20)
    query = models.CharField(max_length=500)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "page", "title"], name="one_view_of_a_title"),
        ]


class Installation(models.Model):
    """The one row that says whose installation this is; without it only set-up is open."""

    organisation = models.CharField(max_length=80)
    reach = models.CharField(max_length=160, default="/")
    set_up_at = models.DateTimeField()
    demo = models.BooleanField(default=False)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_installation")]
