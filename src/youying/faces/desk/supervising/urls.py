"""Addresses of supervisions."""

from django.urls import path

from youying.faces.desk.supervising import letters, views

urlpatterns = [
    path("", views.ledger, name="supervisions"),
    path("<str:number>/", views.one, name="supervision"),
    path("<str:number>/letter.pdf", letters.pdf, name="supervision-pdf"),
    path("<str:number>/letter.docx", letters.word, name="supervision-docx"),
    path("<str:number>/<slug:act>/", views.take, name="supervision-act"),
]
