"""Addresses of partners and of an order's four slips."""

from django.urls import path

from youying.faces.desk.partners import changing, ordering, slips, views

urlpatterns = [
    path("partners/", views.partners, name="partners"),
    path("partners/sign/", changing.sign, name="sign-agreement"),
    path("partners/<int:unit_id>/", views.partner, name="partner"),
    path("partners/<int:unit_id>/change/", changing.change, name="change-partner"),
    path("partners/<int:unit_id>/offers/add/", changing.add_offer, name="add-offer"),
    path("partners/<int:unit_id>/links/", changing.new_link, name="partner-link"),
    path("partners/menu-sheet/", ordering.menu_sheet, name="menu-sheet"),
    path("partners/order/", ordering.order, name="order"),
    path("matters/<str:number>/slips/", slips.slips, name="order-slips"),
    path("matters/<str:number>/slips/link/", slips.order_link, name="order-link"),
]
