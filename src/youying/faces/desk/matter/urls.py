"""Addresses of one matter."""

from django.urls import path

from youying.faces.desk.matter import acting, deadlines, order, papers, parts, people, slips, views

urlpatterns = [
    path("<str:number>/", views.matter, name="matter"),
    path("<str:number>/story/", views.story, name="matter-story"),
    path("<str:number>/acts/<slug:act_id>/", acting.act, name="matter-act"),
    path("<str:number>/deadlines/<slug:code>/<int:run>/", deadlines.deadline, name="matter-deadline"),
    path("<str:number>/undo/", acting.undo, name="matter-undo"),
    path("<str:number>/reporters/<int:reporter_id>/", people.unmask, name="unmask"),
    path("<str:number>/reporters/<int:reporter_id>/secret/", slips.new_secret, name="new-secret"),
    path("<str:number>/papers/<int:filled_id>/", papers.unmask, name="paper-unmask"),
    path("<str:number>/parts/<str:code>/", parts.change, name="matter-part"),
    path("<str:number>/print/", order.printed, name="matter-print"),
    path("<str:number>/order.pdf", order.pdf, name="matter-order"),
]
