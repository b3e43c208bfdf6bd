from django.urls import path

from annotate.api import asking_again, campaigns, flags, images, work

urlpatterns = [
    path("campaigns/", campaigns.campaigns),
    path("campaigns/<slug:slug>/", campaigns.campaign),
    path("campaigns/<slug:slug>/items/", campaigns.items),
    path("campaigns/<slug:slug>/images/", images.images),
    path("campaigns/<slug:slug>/members/", campaigns.members),
    path("campaigns/<slug:slug>/launch/", campaigns.change, {"what": "launch"}),
    path("campaigns/<slug:slug>/pause/", campaigns.change, {"what": "pause"}),
    path("campaigns/<slug:slug>/close/", campaigns.change, {"what": "close"}),
    path("campaigns/<slug:slug>/reopen/", campaigns.change, {"what": "reopen"}),
    path("campaigns/<slug:slug>/claim/", work.claim),
    path("campaigns/<slug:slug>/annotations/", work.annotations),
    path("campaigns/<slug:slug>/flags/", flags.flags),
    path("campaigns/<slug:slug>/ask-again/", asking_again.ask_again),
    path("campaigns/<slug:slug>/ask-again/cancel/", asking_again.cancel),
    path("flags/<int:pk>/resolve/", flags.resolve),
    path("imports/<int:pk>/", campaigns.import_job),
    path("imports/<int:pk>/cancel/", campaigns.cancel_import),
    path("assignments/<int:pk>/annotation/", work.annotation),
    path("assignments/<int:pk>/draft/", work.draft),
    path("assignments/<int:pk>/skip/", work.skip),
    path("assignments/<int:pk>/flag/", flags.flag),
    path("assignments/<int:pk>/suggestions/", work.suggestions),
    path("assignments/<int:pk>/release/", work.release),
]
